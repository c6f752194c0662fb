// SPDX-License-Identifier: Apache-2.0
/** The words that answers are made of, prepared for writing: text, JSON text and token are known beforehand. */

export type Word = {
  readonly text: string
  readonly token: number
  /** The text between JSON quotes. */
  readonly json: string
}

/** A word by its place in the text: the first of a chat answer has no space before it. */
export type Vocabulary = { readonly spaced: readonly Word[]; readonly bare: readonly Word[] }

export const ENGLISH = `able about above across act add after again age ago air all almost alone along also always am among and animal answer any appear
are area arm around art ask at away baby back bad ball bank base be bear beat bed been before began begin behind being below best better between big
bird black blue board boat body book born both box boy bread break bright bring brown build built busy but buy by call came can car care carry case cat
catch cause cell center chance change check chief child choose city class clean clear climb clock close cloud coast cold color come common cook cool
corner correct cost could count country course cover cow create cross crowd cry current cut dark day dead deal dear decide deep degree depend desert
design did differ direct do doctor does dog dollar done door double down draw dream dress drink drive drop dry during each ear early earth ease east
eat edge effect egg eight either end enemy energy engine enough enter equal even evening event ever every exact except expect eye face fact fair fall
family famous far farm fast father favor fear feed feel feet fell felt few field fig fight figure fill final find fine finger finish fire first fish
fit five flat floor flow flower fly follow food foot for force forest form forward found four free fresh friend from front fruit full game garden gas
gather gave general gentle get girl give glad glass go gold gone good got govern grand grass gray great green grew ground group grow guess guide gun had
hair half hand happen happy hard has hat have he head hear heard heart heat heavy held help her here high hill him his history hit hold hole home hope
horse hot hour house how huge human hunt hurry ice idea if imagine in inch indeed insect iron island it job join jump just keep kept key kind king knew
know lady lake land large last late laugh law lay lead learn least leave led left leg length less let letter level lie life lift light like line liquid
list listen little live local log lone long look lost lot loud love low machine made main major make man many map mark market mass master match matter
may me mean meant measure meat meet melody men metal method middle might mile milk mind mine minute miss mix modern molecule moment money month moon more
morning most mother motion mount mouth move much music must my name nation nature near neck need never new next night nine no noise noon nor north nose
note nothing notice noun now number object observe ocean of off offer office often oh oil old on once one only open or order other our out over own page
paint pair paper parent part party pass past path pay people period person phrase pick piece pitch place plain plan plane planet plant play please point
poor pose post pound power press pretty print probable process produce proper protect prove provide pull push put quart quick quiet quite race radio
rain raise ran range rather reach read ready real reason record red region remember repeat reply rest result rich ride right ring rise river road rock
roll room root rope rose round row rub rule run safe said sail salt same sand sat save saw say scale school science score sea search season seat second
see seed seem select self sell send sense sent serve set settle seven several shall shape share sharp she sheet shell shine ship shoe shop short should
shore side sight sign silent silver similar simple since sing single sister sit six size skill skin sky sleep slip slow small smell smile snow so soft
soil soldier solve some son song soon sound south space speak special speech speed spell spend spoke spot spread spring square stand star start state
station stay stead steam steel step stick still stone stood stop store story strange stream street stretch string strong student study subject such
sugar suggest suit summer sun supply support sure surface swim symbol system table tail take talk tall teach team teeth tell ten term test than thank
that the their them then there these they thick thin thing think third this those though thought three through throw thus tie time tiny tire to
together told tone too took tool top total touch toward town track trade train travel tree triangle trip trouble truck true try tube turn twenty two
type under unit until up us use usual valley value vary verb very view village visit voice vowel wait walk wall want war warm was wash watch water wave
way we wear weather week weight well went were west what wheel when where which while white who whole whose why wide wife wild will win wind window wing
winter wire wish with woman women wonder wood word work world would write wrong yard year yellow yes yet you young your`.split(/\s+/).filter((word) => word.length <= 8)

/** Two, three and four bytes a character, a combining mark and a surrogate pair: what clients get wrong. */
const WIDE = ['naïve', 'données', 'Größe', 'señal', 'мир', 'слово', 'λόγος', 'שלום', 'سلام', 'नमस्ते', '日本', '东京', '한국', 'café', '🙂', '👩‍🔬', '𝛼', '\\path', '"quoted"', 'tab\tbed']

/** Says which single token a text is, or undefined when it is none or several. */
export type SingleToken = (text: string) => number | undefined

/** The words that are one token each, with a space before them and without. */
export function createVocabulary(script: 'ascii' | 'mixed', singleToken: SingleToken): Vocabulary {
  const candidates = script === 'mixed' ? [...ENGLISH.slice(0, 60), ...WIDE] : ENGLISH
  const kept = candidates.filter((word) => singleToken(word) !== undefined && singleToken(` ${word}`) !== undefined)
  // a tiny tokenizer may know hardly any word: then answers are not token-exact when they come back, but still answers
  const words = kept.length >= 8 ? kept : candidates
  const prepare = (text: string): Word => ({ text, json: JSON.stringify(text).slice(1, -1), token: singleToken(text) ?? 0 })
  return { bare: words.map(prepare), spaced: words.map((word) => prepare(` ${word}`)) }
}
