/** A clock that moves when told, a socket that keeps what it was sent, a page's parts joined over both. */
import { Page } from "../../ui/desk/page.js"
import { openPrefs } from "../../ui/desk/prefs.js"

export class FakeClock {
  time = 0
  #timers = new Map()
  #next = 1

  now = () => this.time
  setTimeout = (act, ms) => {
    this.#timers.set(this.#next, { act, at: this.time + ms })
    return this.#next++
  }
  clearTimeout = (id) => this.#timers.delete(id)

  /** Lets `ms` pass, running what falls due in its order. */
  pass(ms) {
    const end = this.time + ms
    for (let due = this.#due(end); due; due = this.#due(end)) {
      this.#timers.delete(due[0])
      this.time = Math.max(this.time, due[1].at)
      due[1].act()
    }
    this.time = end
  }

  #due(end) {
    return [...this.#timers].filter(([, { at }]) => at <= end).sort((one, other) => one[1].at - other[1].at)[0]
  }
}

export class FakeSocket {
  readyState = 0
  sent = []

  send(text) {
    this.sent.push(JSON.parse(text))
  }

  close() {
    this.readyState = 3
    this.onclose?.({ code: 1006 })
  }

  open() {
    this.readyState = 1
    this.onopen()
  }

  say(frame) {
    this.onmessage?.({ data: typeof frame === "string" ? frame : JSON.stringify(frame) })
  }

  cut(code = 1006) {
    this.readyState = 3
    this.onclose?.({ code })
  }

  of(type) {
    return this.sent.filter((frame) => frame.type === type)
  }
}

export class FakeStorage {
  kept = new Map()
  getItem = (key) => this.kept.get(key) ?? null
  setItem = (key, value) => this.kept.set(key, value)
  removeItem = (key) => this.kept.delete(key)
}

const FADER = { unit: "dB", points: [[0, -90], [0.0625, -60], [0.25, -30], [0.5, -10], [1, 10]], off_at_zero: true }
export const LAYOUT = {
  name: "band",
  title: "Band",
  tapers: { fader: FADER },
  table: [{ kind: "position", taper: "fader", default: 0.75 }, { kind: "toggle", default: false }, { kind: "text", length: 32 }],
  params: { status: 2 },
  strips: [
    { id: "ch1", kind: "channel", number: 1, label: "Ch 1", params: { fader: 0, mute: 1, "send/bus1/level": 0, "send/bus1/mute": 1 }, taps: ["input"] },
    { id: "ch2", kind: "channel", number: 2, label: "Ch 2", params: { fader: 0, mute: 1 }, taps: ["input"] },
    { id: "bus1", kind: "bus", number: 1, label: "Mix 1", params: { fader: 0, mute: 1 }, taps: [] },
    { id: "main", kind: "main", number: null, label: "Main", params: { fader: 0, mute: 1 }, taps: [] },
  ],
}
export const ME = "me"
const PEOPLE = [{ client: ME, name: "Mine", color: "red", initials: "MI" }, { client: "foh", name: "FOH tablet", color: "cyan", initials: "FT" }]

/** As remote_mixer/desk/vocabulary.py sends it, with fewer kinds. */
export const VOCABULARY = {
  kinds: { channel: { short: "Ch", plural: "Channels" }, bus: { short: "Mix", plural: "Mixes" }, dca: { short: "DCA", plural: "DCAs" }, main: { short: "Main", plural: "Mains" } },
  roles: { host: { name: "Host", plural: "Hosts" }, engineer: { name: "Engineer", plural: "Engineers" }, guest: { name: "Guest", plural: "Guests" } },
  grants: { musician: { sends: "move", fader: "move", mute: "move" }, guest: { sends: "look", fader: "look", mute: "look" } },
  ceiling: { send_db: 6, bus_db: 6 },
  ceiling_range: [-90, 20],
}

export function welcome(extra = {}) {
  return {
    type: "welcome",
    protocol: 1,
    server: { name: "Test", version: "1", epoch: "e1", page: "p1" },
    you: PEOPLE[0],
    rev: 10,
    consoles: [LAYOUT],
    values: { "band/status": "online", "band/ch1/fader": 0.5, "band/ch2/fader": 0.5, "band/ch1/mute": false },
    meters: ["band/ch1/input", "band/ch2/input"],
    people: PEOPLE,
    messages: [],
    vocabulary: VOCABULARY,
    ...extra,
  }
}

/** An HTTP server: `asked` is what it was asked, `answers` maps "GET me" to a body, or to `{status, headers, body}`. */
export class FakeServer {
  asked = []
  answers = {}

  fetch = async (url, { method, body }) => {
    const name = `${method} ${url.replace("/api/v1/", "")}`
    this.asked.push({ name, body: body && JSON.parse(body) })
    const answer = this.answers[name]
    if (!answer) throw new TypeError("no network")
    const { status = 200, headers = {}, body: data = answer } = answer
    const said = { "Content-Type": "application/json", ...headers }
    return { ok: status < 400, status, headers: new Headers(said), json: async () => data, text: async () => data }
  }
}

/** A page without a document: `sockets` are those it has opened, `server` what it asks over HTTP. */
export function openPage({ greeted = true, invitation = null } = {}) {
  const clock = new FakeClock()
  const sockets = []
  const waiting = []
  const storage = new FakeStorage()
  const reloads = []
  const server = new FakeServer()
  storage.setItem("remote-mixer.client", JSON.stringify(ME))
  const open = () => sockets[sockets.push(new FakeSocket()) - 1]
  const page = new Page({ open, fetch: server.fetch, clock, frame: (act) => waiting.push(act), reload: () => reloads.push(1), prefs: openPrefs(storage), device: "Test page" })
  const world = { page, clock, sockets, server, storage, reloads, store: page.store, link: page.link }
  world.frame = () => waiting.splice(0).forEach((act) => act())
  Object.defineProperty(world, "socket", { get: () => sockets.at(-1) })
  world.begun = page.join.begin(invitation)
  if (greeted) {
    world.socket.open()
    world.socket.say(welcome())
  }
  return world
}
