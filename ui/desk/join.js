/** Joining and leaving: whether this page is outside, its invitation, and why it is outside. */
import { Signal } from "./signal.js"

const TOKEN = /^[\w-]{8,64}$/
const LONGEST_GREETING = 40
const STRANGER = "stranger"
const GONE = 410
const NO_COOKIES = 412
const TOO_EARLY = 425
const ASK_MS = 2000

/** Zeros of the scripts whose digits a phone's keyboard may type, Arabic first; each script's other nine follow its zero. */
const ZEROS = [
	...[0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0e50, 0x0ed0, 0x0f20],
	...[0x1040, 0x17e0, 0x1810, 0xff10],
]

/** The digits in a text, in any of these scripts, as 0 to 9. */
export function plainDigits(text) {
	const plain = [...text].map((one) => {
		const zero = ZEROS.find((code) => one.codePointAt(0) >= code && one.codePointAt(0) < code + 10)
		return zero === undefined ? one : String(one.codePointAt(0) - zero)
	})
	return plain.join("").replace(/\D/g, "")
}

/**
 * The invitation in the page's own address (`#join=TOKEN&to=Mix 2`), or null. It is removed from the address at once, so
 * that no history keeps it; `to` is shown in the greeting and trusted for nothing else.
 */
export function takeInvitation(place, history) {
	const asked = new URLSearchParams(place.hash.slice(1))
	const token = asked.get("join")
	if (token === null) return null
	history.replaceState(null, "", place.pathname + place.search)
	return { token: TOKEN.test(token) ? token : "", to: (asked.get("to") ?? "").slice(0, LONGEST_GREETING) }
}

export class Join {
	/** Null while inside; else `{invitation, words, me}`: `me` is who this page already is without the invitation, if anybody. */
	outside = new Signal(null)
	#api
	#link
	#prefs
	#clock
	#reason = ""

	constructor({ api, link, prefs, clock }) {
		this.#clock = clock
		this.#api = api
		this.#link = link
		this.#prefs = prefs
	}

	/** At the start of the page, and whenever its address holds a new invitation. */
	begin(invitation) {
		if (!invitation) return this.#link.start()
		this.#link.stop()
		this.ask(invitation)
		return this.#meet(invitation)
	}

	/** Keeps the server's reason for closing the link, to be shown outside. */
	closing(text) {
		this.#reason = text
	}

	/** Asks the person to join before the mixer is shown. */
	ask(invitation = null, words = this.#reason) {
		this.#reason = ""
		this.outside.set({ invitation, words, me: null })
	}

	/** By PIN or by the invitation at hand: `{ok, text, wait}`, text for a person, wait in seconds. */
	async enter(name, pin) {
		const { invitation } = this.outside.value
		const answer = await this.#post(invitation ? { name, invitation: invitation.token } : { name, pin })
		if (answer.ok) this.#enterAs(name)
		else if (invitation && answer.status === GONE) this.ask(null, answer.text)
		return answer
	}

	/** Asks the host to let this device in; `show(words)` says how that stands. The answer is that of `enter`, once it ended. */
	async wait(name, show) {
		const ticket = await this.#api("POST", "waiting", { name })
		if (!ticket.ok) return ticket
		show(`The host has been asked. Your number is ${ticket.data.number}: tell them.`)
		let answer
		do {
			await new Promise((done) => this.#clock.setTimeout(done, ASK_MS))
			answer = await this.#post({ name, waiting: ticket.data.secret })
		} while (this.outside.value && (answer.status === TOO_EARLY || answer.status === 0))
		if (answer.ok) this.#enterAs(name)
		return answer
	}

	/** A browser that has lost the page's cookie meanwhile gets it with the refusal; one that keeps none is refused again. */
	async #post(proof) {
		const answer = await this.#api("POST", "join", proof)
		return answer.status === NO_COOKIES ? this.#api("POST", "join", proof) : answer
	}

	#enterAs(name) {
		this.#prefs.name.set(name)
		this.stay()
	}

	/** Connects as whoever this page is now. */
	stay() {
		this.outside.set(null)
		this.#link.start()
	}

	async leave() {
		const answer = await this.#api("POST", "leave", {})
		if (!answer.ok) return answer
		this.#link.stop()
		this.ask(null, "You have signed out.")
		await this.check()
		return answer
	}

	/** Connects if this device has joined by another page meanwhile. */
	async check() {
		if (!this.outside.value || this.outside.value.invitation) return
		if (isSomebody(await this.#api("GET", "me")) && this.outside.value) this.stay()
	}

	async #meet(invitation) {
		const answer = await this.#api("GET", "me")
		const now = this.outside.value
		if (now?.invitation === invitation && isSomebody(answer)) this.outside.set({ ...now, me: answer.data })
	}
}

function isSomebody({ ok, data }) {
	return ok && data.role !== STRANGER
}
