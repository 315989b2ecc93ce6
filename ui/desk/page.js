/** Everything of this page that needs no document: built and joined once, handed to elements and views. */
import { Actions } from "./actions.js"
import { openApi } from "./api.js"
import { Consoles, consoleOf } from "./consoles.js"
import { Door } from "./join.js"
import { Link } from "./link.js"
import { Messages } from "./messages.js"
import { Meters } from "./meters.js"
import { Mine, whyNot } from "./musician.js"
import { Outbox } from "./outbox.js"
import { People, freshUuid } from "./people.js"
import { Presence } from "./presence.js"
import { receiver } from "./receive.js"
import { Requests } from "./requests.js"
import { Scenes } from "./scenes.js"
import { Signal } from "./signal.js"
import { Store } from "./store.js"
import { Traffic } from "./traffic.js"

const METERS_PER_SECOND = 25

/** `world`: {open() → WebSocket, fetch, clock, frame(callback), reload(), prefs, device}. */
export function openHere({ open, fetch, clock, frame, reload, prefs, device }) {
	const link = new Link(open, clock)
	const consoles = new Consoles()
	const outbox = new Outbox(link, clock, frame)
	const here = { link, consoles, outbox, prefs, clock, reload, device, epoch: null, onwelcome: () => {} }
	here.api = openApi(fetch)
	here.door = new Door(here)
	here.presence = new Presence(link, clock)
	here.store = outbox.store = new Store(outbox, (path) => alive(here, path))
	here.people = new People()
	here.messages = new Messages(link, prefs)
	here.actions = new Actions(link)
	here.requests = new Requests(here.actions, clock)
	here.mine = new Mine(prefs.page.value)
	here.people.you.watch((you) => here.mine.be(you) && letGo(here))
	here.mine.page.watch((page) => prefs.page.set(page))
	here.meters = new Meters()
	here.scenes = new Scenes(here)
	here.traffic = new Traffic()
	here.server = new Signal(null)
	here.join = new Signal([])
	here.localName = new Signal(null)
	here.notices = new Notices(link, here.mine)
	here.view = { mix: new Signal(null), panel: new Signal(null) }
	const choose = here.view.mix.set.bind(here.view.mix)
	here.view.mix.set = (path) => here.store.whenFree(() => choose(path))
	if (!prefs.client.value) prefs.client.set(freshUuid())
	link.onreplaced = () => prefs.client.set(freshUuid())
	here.act = (...asked) => {
		if (!link.online) here.notices.inert()
		return here.actions.act(...asked)
	}
	here.reaches = (path) => link.online && (here.store.truth(`${consoleOf(path)}/status`) ?? "online") === "online"
	here.name = () => prefs.name.value || device
	wire(here)
	return here
}

/** Whoever is somebody else now holds nothing: the server has lifted it all, and the page does not wait for the finger. */
function letGo({ outbox, store }) {
	outbox.drop()
	store.drop()
}

function wire(here) {
	const { link, store, meters, traffic, prefs } = here
	const receive = receiver(here)
	link.onframe = receive
	link.onbinary = (buffer) => meters.frame(buffer) && here.onmeters?.()
	link.ontraffic = (direction, data) => traffic.see(direction, data)
	link.onopen = () => hello(here, prefs.client.value)
	// Who comes in anew, perhaps as somebody else, is told everything anew.
	here.door.outside.watch((outside) => outside && (here.epoch = null))
	link.onlost = () => {
		here.outbox.drop()
		store.drop()
		here.messages.drop()
		here.actions.drop()
		here.requests.drop()
		here.presence.lost()
	}
}

function hello({ store, epoch, name, device }, client) {
	const frame = { type: "hello", protocol: 1, client, name: name(), device }
	return epoch ? { ...frame, since: { epoch, rev: store.rev } } : frame
}

/** A path is alive while the link is up, its console does not say otherwise, and this page may move it. */
function alive(here, path) {
	return here.reaches(path) && here.mine.may(path) === "move"
}

export function askForMeters({ link }, on) {
	link.send(on ? { type: "meters", on: true, rate: METERS_PER_SECOND } : { type: "meters", on: false })
}

/** Short words for people, one at a time. */
class Notices {
	latest = new Signal(null)
	/** What is amiss with the program itself, by the server's word. */
	lasting = new Signal([])
	#link
	#mine

	constructor(link, mine) {
		this.#link = link
		this.#mine = mine
	}

	say(text, tone = "note") {
		this.latest.set({ text, tone })
	}

	/** Why a touch did nothing: what is down is never caught up with later. */
	inert(path = "") {
		const may = this.#mine.may(path)
		if (this.#link.online && may !== "move") return this.say(whyNot(this.#mine, may))
		this.say(this.#link.online ? "The console is offline: nothing was sent." : "No link to the mixer: nothing was sent.", "error")
	}
}
