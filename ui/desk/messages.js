/** The conversation: what is kept, what is on its way, what has not been read. */
import { Signal } from "./signal.js"

export class Messages {
	list = new Signal([])
	sending = new Signal([])
	unread = new Signal(0)
	#link
	#prefs
	#open = false
	#nextId = 1

	constructor(link, prefs) {
		this.#link = link
		this.#prefs = prefs
	}

	/** The kept messages, at welcome and on return. */
	history(messages) {
		const known = new Map([...this.list.value, ...messages].map((message) => [message.id, message]))
		this.list.set([...known.values()].sort((one, other) => one.id - other.id))
		this.#count()
	}

	/** One new message; mine is no longer on its way. */
	add(message, mine) {
		if (mine) this.#arrived(message.text)
		this.history([message])
	}

	/** False when the link is down: the words stay in the box, nothing is sent later. */
	say(text) {
		const id = `say${this.#nextId++}`
		if (!this.#link.send({ type: "say", id, text })) return false
		this.sending.set([...this.sending.value, { id, text, trouble: "" }])
		return true
	}

	/** The link went while these were on their way: nobody knows whether they arrived. */
	drop() {
		this.#trouble(({ trouble }) => trouble || "connection lost: may not be sent")
	}

	/** The server did not take one of these; false when the error is about something else. */
	refused({ id }) {
		if (!this.sending.value.some((sent) => sent.id === id)) return false
		this.#trouble((sent) => (sent.id === id ? "not sent" : sent.trouble))
		return true
	}

	forget(sent) {
		this.sending.set(this.sending.value.filter((other) => other !== sent))
	}

	reading(open) {
		this.#open = open
		this.#count()
	}

	/** The first id that had not been read when the panel was last opened. */
	get readUpTo() {
		return Number(this.#prefs.read.value)
	}

	#trouble(words) {
		this.sending.set(this.sending.value.map((sent) => ({ ...sent, trouble: words(sent) })))
	}

	#arrived(text) {
		const at = this.sending.value.findIndex((sent) => sent.text === text)
		if (at >= 0) this.sending.set(this.sending.value.filter((_, place) => place !== at))
	}

	#count() {
		const last = this.list.value[this.list.value.length - 1]?.id ?? 0
		if (this.#open) this.#prefs.read.set(last)
		this.unread.set(this.list.value.filter(({ id }) => id > this.readUpTo).length)
	}
}
