-- A headless Ardour for tests: makes a session, opens its surfaces, then runs each line from the standard input.
-- Arguments: folder of the session, its number of tracks, backend, device.
local folder, tracks, backend, device = arg[1], tonumber(arg[2]), arg[3], arg[4]
local LAST = ARDOUR.PresentationInfo.max_order
local SURFACES = { "Open Sound Control %(OSC%)", "Mackie" }

local function start_engine()
  AudioEngine:set_backend(backend, "ardour", "")
  if device ~= "" then AudioEngine:set_device_name(device) end
  assert(AudioEngine:start(false) == 0, "the audio engine does not start")
end

local function make_session()
  local made = create_session(folder, "session", 48000)
  made:new_audio_track(1, 2, nil, tracks, "Spur", LAST, ARDOUR.TrackMode.Normal)
  made:new_audio_route(2, 2, nil, 2, "Bus", ARDOUR.PresentationInfo.Flag.AudioBus, LAST)
  made:vca_manager():create_vca(1, "VCA %n")
  made:route_by_name("Spur 1"):add_aux_send(made:route_by_name("Bus 1"), ARDOUR.LuaAPI.nil_proc())
  made:save_state("")
  close_session()
end

-- A session's file says which surfaces are open.
local function open_surfaces()
  local name = folder .. "/session.ardour"
  local file = assert(io.open(name))
  local text = file:read("a")
  file:close()
  for _, surface in ipairs(SURFACES) do
    text = text:gsub('(<Protocol name="' .. surface .. '" active=)"0"', '%1"1"')
  end
  file = assert(io.open(name, "w"))
  file:write(text)
  file:close()
end

start_engine()
if not io.open(folder .. "/session.ardour") then
  make_session()
  open_surfaces()
end
session = load_session(folder, "session")

function route(name) return session:route_by_name(name) end

print("= loaded")
io.flush()
for line in io.lines() do
  local run, fault = load(line)
  local fine, result = pcall(run or error, fault)
  print((fine and "= " or "! ") .. tostring(result))
  io.flush()
end
close_session()
quit()
