-- SPDX-License-Identifier: Apache-2.0
-- Health of an Experiment, a Stack or a Trial for Argo CD (resource.customizations.health.assay.dev_<Kind>), from conditions alone.
-- Plain Lua 5.1 without libraries: that is what Argo CD runs.
local health = { status = "Progressing", message = "Waiting for the operator" }

local conditions = {}
if obj.status ~= nil and obj.status.conditions ~= nil then
  for _, condition in ipairs(obj.status.conditions) do
    conditions[condition.type] = condition
  end
end

local function is_true(name)
  return conditions[name] ~= nil and conditions[name].status == "True"
end

local function is(status, condition)
  health.status = status
  if condition ~= nil and condition.message ~= nil then
    health.message = condition.message
  end
  return health
end

local ready = conditions.Ready
if ready == nil then
  return health
end

-- A status that speaks of an older spec says nothing about this one.
local generation = obj.metadata ~= nil and obj.metadata.generation or nil
local observed = obj.status.observedGeneration
if generation ~= nil and observed ~= nil and observed ~= generation then
  health.message = "Waiting for the operator to see the change"
  return health
end

if is_true("Suspended") then
  return is("Suspended", conditions.Suspended)
end
if is_true("Failed") or is_true("Stalled") or ready.status == "False" then
  if is_true("Reconciling") then
    return is("Progressing", ready)
  end
  return is("Degraded", ready)
end
if ready.status == "True" then
  return is("Healthy", ready)
end
-- Measured to its end, and nobody knows whether it is good: a person decides.
if is_true("Complete") then
  return is("Suspended", ready)
end
return is("Progressing", ready)
