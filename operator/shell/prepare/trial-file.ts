// SPDX-License-Identifier: Apache-2.0
/** Where the containers of an attempt find what they are told. Apart, so that a command can name it without loading the model. */

export const TRIAL_FILE = '/assay/config/trial.json'
