/** The page's parts that need no document: built and joined once, handed to elements and views. */
import { Actions } from "./actions.js"
import { Answers } from "./answers.js"
import { openApi } from "./api.js"
import { Consoles, consoleOf } from "./consoles.js"
import { History } from "./history.js"
import { Join } from "./join.js"
import { Link } from "./link.js"
import { Messages } from "./messages.js"
import { MeterFrames, Meters } from "./meters.js"
import { Mine } from "./musician.js"
import { Notices } from "./notices.js"
import { OwnLayers } from "./own-layers.js"
import { People, freshUuid } from "./people.js"
import { Pictures } from "./pictures.js"
import { Presence } from "./presence.js"
import { receiver } from "./receive.js"
import { Requests, placeOf, stateWords } from "./requests.js"
import { Scenes } from "./scenes.js"
import { Show } from "./show.js"
import { Signal } from "./signal.js"
import { Store } from "./store.js"
import { Traffic } from "./traffic.js"
import { View } from "./view.js"

/** The version of the wire that this page speaks; remote_mixer/web/wire.py has the server's. */
export const PROTOCOL = 1

export class Page {
	/** The server's name, version, epoch and page; null before the first welcome. */
	server = new Signal(null)
	/** The server's words for kinds of strips, roles and sections, and the usual rights (remote_mixer/desk/vocabulary.py). */
	vocabulary = new Signal({ kinds: {}, roles: {}, grants: {}, ceiling: {}, ceiling_range: [], sections: {}, colors: [] })
	/** The mixer's addresses for other devices, `[{interface, url}]`, and its `.local` name or null. */
	addresses = new Signal([])
	localName = new Signal(null)
	/** Wakes its watchers at each welcome or resume. */
	welcomed = new Signal(0)
	/** The epoch of the desk whose changes this page has followed so far; null asks for everything. */
	epoch = null
	consoles = new Consoles()
	meters = new Meters()
	people = new People()
	traffic = new Traffic()

	/** `open()` → WebSocket, `frame(callback)` an animation frame, `device` a first name for this page. */
	constructor({ open, fetch, clock, frame, reload, prefs, device }) {
		Object.assign(this, { clock, reload, prefs, device, api: openApi(fetch) })
		this.link = new Link(open, clock, this.#linkEvents())
		this.meterFrames = new MeterFrames(this.link)
		this.join = new Join(this)
		this.presence = new Presence(this.link, clock)
		this.mine = new Mine(prefs.page.value)
		this.notices = new Notices(this.link, this.mine, (path) => this.watchOnly(path))
		this.store = new Store({ link: this.link, clock, frame, live: (path) => this.moves(path) })
		this.messages = new Messages(this.link, prefs)
		this.actions = new Actions(this.link, this.consoles)
		this.answers = new Answers(this.link)
		this.requests = new Requests(this.actions, clock, (request) => this.#answered(request))
		this.scenes = new Scenes(this)
		this.history = new History(this)
		this.show = new Show(this)
		this.layers = new OwnLayers(this)
		this.view = new View(this.store)
		this.pictures = new Pictures(this.link)
		if (!prefs.client.value) prefs.client.set(freshUuid())
		// The next visit says it before its modules run (index.html).
		prefs.name.watch(() => prefs.hello.set({ type: "hello", protocol: PROTOCOL, name: this.name, device }))
		// The server has ended the holds of a page whose rights changed; the page does not wait for the finger.
		this.people.you.watch((you) => this.mine.be(you) && this.store.drop())
		this.mine.page.watch((kind) => prefs.page.set(kind))
		// After joining again this page may be another person's, and needs everything.
		this.join.outside.watch((outside) => outside && (this.epoch = null))
	}

	/** Asks a console for one of its actions; resolves to whether it is done. */
	act(...asked) {
		if (!this.link.online) this.notices.inert()
		return this.actions.act(...asked)
	}

	/** Whether the link and a path's console are both up. */
	reaches(path) {
		return this.link.online && (this.store.truth(`${consoleOf(path)}/status`) ?? "online") === "online"
	}

	/** Whether a param is a reading: the console lets nobody move it. */
	watchOnly(path) {
		return this.consoles.param(path)?.read_only ?? false
	}

	/** Whether this page may move a path now. */
	moves(path) {
		return this.reaches(path) && !this.watchOnly(path) && this.mine.may(path) === "move"
	}

	/** The name of this page's person, else of the device. */
	get name() {
		return this.prefs.name.value || this.device
	}

	/** Whether the first strips are still to come: rows that belong to them keep their place until then. */
	get awaitsStrips() {
		const { strips, list } = this.consoles
		return strips.length === 0 && (this.server.value === null || list.value.length > 0)
	}

	/** A strip's own name, else its label, else its path. */
	nameOf(path) {
		return this.store.get(`${path}/name`) || this.consoles.strip(path)?.label || path
	}

	#linkEvents() {
		const receive = receiver(this)
		return {
			hello: () => this.#hello(),
			sent: (text) => this.traffic.see("out", text),
			received: (data) => {
				this.traffic.see("in", data)
				if (typeof data === "string") receive(data)
				else this.meters.frame(data) || this.pictures.frame(data)
			},
			lost: () => this.#lost(),
			replaced: () => this.prefs.client.set(freshUuid()),
			refused: () => this.join.ask(),
		}
	}

	#hello() {
		const { epoch, prefs } = this
		const frame = { ...prefs.hello.value, client: prefs.client.value }
		return epoch ? { ...frame, since: { epoch, rev: this.store.rev } } : frame
	}

	#lost() {
		for (const part of [this.store, this.messages, this.actions, this.answers, this.requests, this.history, this.show, this.pictures]) part.drop()
		this.presence.lost()
	}

	#answered(request) {
		if (this.mine.page.value === "mine") this.notices.say(`${placeOf(this, request)}: ${stateWords(request)}`)
	}
}
