/** Frames from the server, each handed to the parts of the page that it concerns. */

/** Returns `receive(text)`; a text that is no JSON object, or of an unknown type, is ignored. */
export function receiver(page) {
	return (text) => {
		const frame = parse(text)
		if (frame) HANDLERS[frame.type]?.(page, frame)
	}
}

const HANDLERS = {
	welcome: (page, frame) => welcome(page, frame, true),
	resume: (page, frame) => welcome(page, frame, false),
	changes: ({ store }, { values, rev }) => store.apply(values, rev),
	ok: ({ actions, answers, store }, frame) => actions.answer(frame) || answers.answer(frame) || store.outbox.accepted(frame),
	preview: ({ answers }, frame) => answers.answer(frame),
	moves: ({ history, show }, frame) => [history.add(frame), show.moved(frame.moves)],
	scenes: ({ show }, frame) => show.take(frame),
	fading: ({ show }, frame) => show.see(frame),
	error: refuse,
	held: ({ store }, { path, by }) => store.marks.held(path, by),
	ghost: ({ store }, { path, at, by }) => store.marks.stands(path, at, by),
	open: ({ store, view, consoles }, { strip }) => store.whenFree(() => consoles.strip(strip) && view.panel.set({ name: "strip", path: strip })),
	settle: ({ store }, { path, value }) => store.settle(path, value),
	rebase: ({ store }, { path, value }) => store.rebase(path, value),
	pending: ({ store }, { paths }) => store.marks.pending(paths),
	remembered: ({ store }, { paths }) => store.marks.remembered(paths),
	pong: ({ link }, { t }) => link.pong(t),
	people: (page, { people }) => page.people.set(people),
	requests: (page, { requests }) => page.requests.set(requests),
	layers: (page, { layers }) => page.layers.take(layers),
	you: changeRole,
	message: ({ messages, store }, frame) => messages.add(frame, frame.from?.client === store.me),
	layout: (page, frame) => {
		page.store.apply(frame.values ?? {})
		page.store.whenFree(() => replaceLayout(page, frame))
	},
	bye: ({ join, notices }, { text }) => {
		join.closing(text)
		notices.say(text)
	},
	notices: (page, { notices }) => page.notices.lasting.set(notices),
	join: setAddresses,
	waiting: ({ notices }, { name, number }) => notices.say(`${name} (${number}) would like in: open People.`),
}

function parse(text) {
	try {
		const frame = JSON.parse(text)
		return frame && typeof frame === "object" && !Array.isArray(frame) ? frame : null
	} catch {
		return null
	}
}

function welcome(page, frame, whole) {
	const { store, link, people, messages } = page
	page.epoch = frame.server?.epoch ?? page.epoch
	store.me = frame.you.client
	people.you.set(frame.you)
	people.set(frame.people ?? [])
	link.welcomed()
	store.open({ ...frame, whole })
	if (frame.vocabulary) page.vocabulary.set(frame.vocabulary)
	if (whole) openLayouts(page, frame)
	messages.history(frame.messages ?? [])
	if (frame.join) setAddresses(page, frame.join)
	page.notices.lasting.set(frame.notices ?? []) // before the address is looked at, which may have something to say
	if (frame.server) setServer(page, frame.server)
	page.welcomed.tell()
}

function setAddresses(page, { addresses, name }) {
	page.addresses.set(addresses ?? [])
	page.localName.set(name ?? null)
}

function openLayouts({ consoles, meters }, frame) {
	meters.open(frame.meters ?? [])
	consoles.reset(frame.consoles, frame.meters ?? [])
}

/** A server with another page than this one: load that page once no finger is down. */
function setServer({ store, server, reload }, now) {
	const before = server.value?.page
	server.set(now)
	if (before && now.page && before !== now.page) store.whenFree(reload)
}

/** Says a new role or mix: a change of rights must not pass unseen. */
function changeRole(page, { you }) {
	const before = page.people.you.value
	page.people.you.set({ ...before, ...you })
	if (before.role === you.role && before.mix === you.mix) return
	const mix = page.consoles.strip(you.mix ?? "")
	page.notices.say(`You are now ${you.role === "engineer" ? "an" : "a"} ${you.role}${mix ? ` in ${page.nameOf(mix.path)}` : ""}.`)
}

function refuse({ link, store, notices, people, actions, answers, messages }, frame) {
	if (!link.online && frame.code === "forbidden") return
	if (frame.code === "held" && frame.by && frame.path) store.marks.held(frame.path, frame.by)
	if (frame.code === "changed" && answers.answer(frame)) return
	if (!actions.answer(frame) && !answers.answer(frame) && !messages.refused(frame)) store.outbox.refused(frame)
	const by = frame.by && frame.by !== store.me ? people.mark(frame.by).name : null
	notices.say(by ? `${by} is using this fader.` : frame.text, "error")
}

function replaceLayout({ consoles, meters }, { console, meters: taps }) {
	if (taps) meters.open(taps)
	consoles.replace(console, taps)
}
