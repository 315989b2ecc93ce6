/** The conversation: who said what and when, what is still on its way, a box to say something. */
import { make, mark } from "../elements/element.js"
import { icon } from "../elements/icon.js"
import { face } from "../elements/rm-faces.js"
import { initialsOf } from "../desk/people.js"

const LONGEST = 2000

export function messagesView(page, panel, until) {
	const { messages } = page
	const list = make("ol", { id: "messages", "aria-live": "polite" })
	const waiting = make("ol.waiting")
	const read = messages.readUpTo
	const drawn = new Set()
	const toEnd = () => requestAnimationFrame(() => waiting.scrollIntoView({ block: "end" }))
	const draw = () => {
		drawNew(page, list, messages.list.value, drawn, read)
		waiting.replaceChildren(...messages.sending.value.map((sent) => onItsWay(page, sent)))
		toEnd()
	}
	until(messages.list.watch(draw))
	until(messages.sending.watch(draw))
	messages.reading(true)
	until(() => messages.reading(false))
	return { title: "Messages", body: [list, waiting], foot: buildSay(page) }
}

function drawNew({ people, store }, list, all, drawn, read) {
	for (const message of all.filter(({ id }) => !drawn.has(id))) {
		const first = message.id > read && read > 0 && !list.querySelector("[data-new]")
		const mine = message.from?.client === store.me
		drawn.add(message.id)
		list.append(item(people, message, mine, first && !mine))
	}
	mark(list, "data-empty", all.length === 0)
}

function item(people, { from, at, text }, mine, first) {
	const name = from?.name ?? "Someone"
	const known = people.find(from?.client)
	const who = face({ initials: known?.initials ?? initialsOf(name), color: from?.color ?? known?.color ?? "grey" })
	const when = make("time", { datetime: at }, hour(at))
	return make("li", { "data-mine": mine, "data-new": first }, who, make("b", {}, mine ? `${name} (you)` : name), when, make("p", {}, text))
}

function onItsWay({ messages }, sent) {
	const press = () => messages.say(sent.text) && messages.forget(sent)
	const state = make("small", {}, sent.trouble || "sending…")
	return make("li", {}, make("p", {}, sent.text), state, sent.trouble && make("button", { press }, "Send again"))
}

function buildSay(page) {
	const box = make("textarea", { id: "say", rows: 1, maxlength: LONGEST, placeholder: "Message to everyone", "aria-label": "Message", enterkeyhint: "send" })
	const key = make("button.tool", { type: "submit", "aria-label": "Send" }, icon("send"))
	const form = make("form.say", {}, box, key)
	const send = () => {
		const text = box.value.trim()
		if (!text) return
		if (page.messages.say(text)) box.value = ""
		else page.notices.say("No connection to the mixer. Message not sent.", "error")
	}
	box.addEventListener("keydown", (event) => {
		if (event.key !== "Enter" || event.shiftKey || event.isComposing) return
		event.preventDefault()
		send()
	})
	form.addEventListener("submit", (event) => {
		event.preventDefault()
		send()
	})
	return form
}

/** Today the hour; before that the day as well. */
function hour(at) {
	const date = new Date(at)
	const day = date.toDateString() === new Date().toDateString() ? {} : { day: "numeric", month: "short" }
	return date.toLocaleString([], { ...day, hour: "2-digit", minute: "2-digit" })
}
