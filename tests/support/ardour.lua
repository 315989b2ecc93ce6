-- A headless Ardour for tests: makes a session, opens its surfaces, then runs each line from the standard input.
-- Arguments: folder of the session, its number of tracks, backend, device.
local folder, tracks, backend, device = arg[1], tonumber(arg[2]), arg[3], arg[4]
local LAST = ARDOUR.PresentationInfo.max_order
local SURFACES = { "Open Sound Control %(OSC%)", "Mackie" }

local WITHOUT_JACK = "None (Dummy)"
local LOOK_MICROSECONDS, MOST_LOOKS = 10000, 3000

local function start_engine(name, card)
  AudioEngine:set_backend(name, "ardour", "")
  if card ~= "" then AudioEngine:set_device_name(card) end
  assert(AudioEngine:start(false) == 0, "the audio engine does not start")
end

-- Threads of Ardour 7.3 write to JACK's socket at the same time: JACK then reads nonsense ("CheckSize error") and drops
-- it, most often while it loads a session beside other work. Connections are most of what is written there, and no test
-- on JACK needs those that Ardour makes by itself.
local function connect_nothing()
  ARDOUR.config():set_input_auto_connect(0)
  ARDOUR.config():set_output_auto_connect(0)
end

-- A thread of Ardour connects new tracks and buses to the master, on a busy machine a moment later; what is saved before
-- that is silent at the master for good.
local function await_connections(made)
  for route in made:get_routes():iter() do
    for place = 0, 1 do
      local port = route:output():audio(place)
      for _ = 1, MOST_LOOKS do
        if port:connected() then break end
        ARDOUR.LuaAPI.usleep(LOOK_MICROSECONDS)
      end
      assert(port:connected(), port:name() .. " is not connected")
    end
  end
end

local function make_session()
  local made = create_session(folder, "session", 48000)
  made:new_audio_track(1, 2, nil, tracks, "Spur", LAST, ARDOUR.TrackMode.Normal)
  made:new_audio_route(2, 2, nil, 2, "Bus", ARDOUR.PresentationInfo.Flag.AudioBus, LAST)
  made:vca_manager():create_vca(1, "VCA %n")
  made:route_by_name("Spur 1"):add_aux_send(made:route_by_name("Bus 1"), ARDOUR.LuaAPI.nil_proc())
  if backend == WITHOUT_JACK then await_connections(made) end
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

if backend ~= WITHOUT_JACK then connect_nothing() end
if not io.open(folder .. "/session.ardour") then
  start_engine(WITHOUT_JACK, "")
  make_session()
  open_surfaces()
  AudioEngine:stop(false)
end
start_engine(backend, device)
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
