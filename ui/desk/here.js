/** Everything of this page that needs no document: built and joined once, handed to elements and views. */
import { Actions } from "./actions.js"
import { Consoles, consoleOf } from "./consoles.js"
import { Link } from "./link.js"
import { Messages } from "./messages.js"
import { Meters } from "./meters.js"
import { Outbox } from "./outbox.js"
import { People, freshUuid } from "./people.js"
import { receiver } from "./receive.js"
import { Scenes } from "./scenes.js"
import { Signal } from "./signal.js"
import { Store } from "./store.js"
import { Traffic } from "./traffic.js"

const METERS_PER_SECOND = 25

/** `world`: {open() → WebSocket, clock, frame(callback), reload(), prefs, device}. */
export function openHere({ open, clock, frame, reload, prefs, device }) {
	const link = new Link(open, clock)
	const consoles = new Consoles()
	const outbox = new Outbox(link, clock, frame)
	const here = { link, consoles, outbox, prefs, clock, reload, epoch: null, onwelcome: () => {} }
	here.store = outbox.store = new Store(outbox, (path) => alive(here, path))
	here.people = new People()
	here.messages = new Messages(link, prefs)
	here.actions = new Actions(link)
	here.meters = new Meters()
	here.scenes = new Scenes(here)
	here.traffic = new Traffic()
	here.server = new Signal(null)
	here.join = new Signal([])
	here.notices = new Notices(link)
	here.view = { mix: new Signal(null), panel: new Signal(null) }
	const choose = here.view.mix.set.bind(here.view.mix)
	here.view.mix.set = (path) => here.store.whenFree(() => choose(path))
	if (!prefs.client.value) prefs.client.set(freshUuid())
	link.onreplaced = () => prefs.client.set(freshUuid())
	here.act = (...asked) => {
		if (!link.online) here.notices.inert()
		return here.actions.act(...asked)
	}
	here.name = () => prefs.name.value || device
	wire(here)
	return here
}

function wire(here) {
	const { link, store, meters, traffic, prefs } = here
	const receive = receiver(here)
	link.onframe = receive
	link.onbinary = (buffer) => meters.frame(buffer) && here.onmeters?.()
	link.ontraffic = (direction, data) => traffic.see(direction, data)
	link.onopen = () => hello(here, prefs.client.value)
	link.onlost = () => {
		here.outbox.drop()
		store.drop()
		here.messages.drop()
		here.actions.drop()
	}
}

function hello({ store, epoch, name }, client) {
	const frame = { type: "hello", protocol: 1, client, name: name() }
	return epoch ? { ...frame, since: { epoch, rev: store.rev } } : frame
}

/** A path is alive while the link is up and its console does not say otherwise. */
function alive({ link, store }, path) {
	return link.online && (store.truth(`${consoleOf(path)}/status`) ?? "online") === "online"
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

	constructor(link) {
		this.#link = link
	}

	say(text, tone = "note") {
		this.latest.set({ text, tone })
	}

	/** Why a touch did nothing: what is down is never caught up with later. */
	inert() {
		this.say(this.#link.online ? "The console is offline: nothing was sent." : "No link to the mixer: nothing was sent.", "error")
	}
}
