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
export function openPage({ open, fetch, clock, frame, reload, prefs, device }) {
	const link = new Link(open, clock)
	const consoles = new Consoles()
	const outbox = new Outbox(link, clock, frame)
	const page = { link, consoles, outbox, prefs, clock, reload, device, epoch: null, onwelcome: () => {} }
	page.api = openApi(fetch)
	page.door = new Door(page)
	page.presence = new Presence(link, clock)
	page.store = outbox.store = new Store(outbox, (path) => alive(page, path))
	page.people = new People()
	page.messages = new Messages(link, prefs)
	page.actions = new Actions(link)
	page.requests = new Requests(page.actions, clock)
	page.mine = new Mine(prefs.page.value)
	page.people.you.watch((you) => page.mine.be(you) && letGo(page))
	page.mine.page.watch((kind) => prefs.page.set(kind))
	page.meters = new Meters()
	page.scenes = new Scenes(page)
	page.traffic = new Traffic()
	page.server = new Signal(null)
	page.join = new Signal([])
	page.localName = new Signal(null)
	page.notices = new Notices(link, page.mine)
	page.view = { mix: new Signal(null), panel: new Signal(null) }
	const choose = page.view.mix.set.bind(page.view.mix)
	page.view.mix.set = (path) => page.store.whenFree(() => choose(path))
	if (!prefs.client.value) prefs.client.set(freshUuid())
	link.onreplaced = () => prefs.client.set(freshUuid())
	page.act = (...asked) => {
		if (!link.online) page.notices.inert()
		return page.actions.act(...asked)
	}
	page.reaches = (path) => link.online && (page.store.truth(`${consoleOf(path)}/status`) ?? "online") === "online"
	page.name = () => prefs.name.value || device
	wire(page)
	return page
}

/** Whoever is somebody else now holds nothing: the server has lifted it all, and the page does not wait for the finger. */
function letGo({ outbox, store }) {
	outbox.drop()
	store.drop()
}

function wire(page) {
	const { link, store, meters, traffic, prefs } = page
	const receive = receiver(page)
	link.onframe = receive
	link.onbinary = (buffer) => meters.frame(buffer) && page.onmeters?.()
	link.ontraffic = (direction, data) => traffic.see(direction, data)
	link.onopen = () => hello(page, prefs.client.value)
	// Who comes in anew, perhaps as somebody else, is told everything anew.
	page.door.outside.watch((outside) => outside && (page.epoch = null))
	link.onlost = () => {
		page.outbox.drop()
		store.drop()
		page.messages.drop()
		page.actions.drop()
		page.requests.drop()
		page.presence.lost()
	}
}

function hello({ store, epoch, name, device }, client) {
	const frame = { type: "hello", protocol: 1, client, name: name(), device }
	return epoch ? { ...frame, since: { epoch, rev: store.rev } } : frame
}

/** A path is alive while the link is up, its console does not say otherwise, and this page may move it. */
function alive(page, path) {
	return page.reaches(path) && page.mine.may(path) === "move"
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
