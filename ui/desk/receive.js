/** What the server says, and which part of the page it concerns. */
export function receiver(page) {
	const { store, outbox, link, people, messages, notices } = page
	const HANDLERS = {
		welcome: (frame) => arrive(page, frame, true),
		resume: (frame) => arrive(page, frame, false),
		changes: ({ values, rev }) => store.apply(values, rev),
		ok: (frame) => page.actions.answer(frame) || outbox.accepted(frame),
		error: (frame) => refuse(page, frame),
		held: ({ path, by }) => store.marks.held(path, by),
		settle: ({ path, value }) => {
			store.settle(path, value)
			if (!store.touched(path)) outbox.rest(path)
		},
		pending: ({ paths }) => store.marks.pending(paths),
		remembered: ({ paths }) => store.marks.remembered(paths),
		pong: ({ t }) => link.pong(t),
		people: (frame) => people.set(frame.people),
		requests: (frame) => page.requests.set(frame.requests),
		you: (frame) => become(page, frame.you),
		message: (frame) => messages.add(frame, frame.from?.client === store.me),
		layout: (frame) => {
			store.apply(frame.values ?? {})
			store.whenFree(() => relay(page, frame))
		},
		bye: ({ text }) => {
			page.door.told(text)
			notices.say(text)
		},
		notices: (frame) => notices.lasting.set(frame.notices),
		join: (frame) => found(page, frame),
	}
	return (frame) => HANDLERS[frame.type]?.(frame)
}

function arrive(page, frame, whole) {
	const { store, link, people, messages, server } = page
	page.epoch = frame.server?.epoch ?? page.epoch
	store.me = frame.you.client
	people.you.set(frame.you)
	people.set(frame.people ?? [])
	link.welcomed()
	store.open({ ...frame, whole })
	if (whole) lay(page, frame)
	messages.history(frame.messages ?? [])
	if (frame.join) found(page, frame.join)
	if (frame.server) newPage(page, server.value?.page, frame.server)
	page.notices.lasting.set(frame.notices ?? [])
	page.onwelcome()
}

/** Where the next phone finds the mixer; the name is null while none is announced. */
function found({ join, localName }, { addresses, name }) {
	join.set(addresses ?? [])
	localName.set(name ?? null)
}

function lay({ consoles, meters }, frame) {
	meters.open(frame.meters ?? [])
	consoles.reset(frame.consoles, frame.meters ?? [])
}

/** The server has another page than this one: load it once no finger is down. */
function newPage({ store, server, reload }, before, now) {
	server.set(now)
	if (before && now.page && before !== now.page) store.whenFree(reload)
}

/** Somebody changed what this page may do: that must not pass unseen. */
function become({ people, consoles, store, notices }, you) {
	const before = people.you.value
	const mix = consoles.strip(you.mix ?? "")
	const name = mix && (store.get(`${mix.path}/name`) || mix.label)
	people.you.set({ ...before, ...you })
	if (before.role !== you.role || before.mix !== you.mix) notices.say(`You are ${you.role === "engineer" ? "an" : "a"} ${you.role} now${name ? `, in ${name}` : ""}.`)
}

function refuse({ link, outbox, store, notices, people, actions, messages }, frame) {
	if (!link.online && frame.code === "forbidden") return
	if (frame.code === "held" && frame.by && frame.path) store.marks.held(frame.path, frame.by)
	if (!actions.answer(frame) && !messages.refused(frame)) outbox.refused(frame)
	const by = frame.by && frame.by !== store.me ? people.mark(frame.by).name : null
	notices.say(by ? `${by} has this fader.` : frame.text, "error")
}

function relay({ consoles, meters }, { console, meters: taps }) {
	if (taps) meters.open(taps)
	consoles.replace(console, taps)
}
