/** The way in and out: whether this page is outside, what it may come in by, and what it was told. */
import { Signal } from "./signal.js"

const TOKEN = /^[\w-]{8,64}$/
const LONGEST_GREETING = 40
const STRANGER = "stranger"
const GONE = 410

/**
 * The invitation in the page's own address (`#join=TOKEN&to=Mix 2`), or null. It is taken out of the address at
 * once, so that it stays in no history; `to` is a word for the greeting, never believed for more.
 */
export function takeInvitation(place, history) {
	const asked = new URLSearchParams(place.hash.slice(1))
	const token = asked.get("join")
	if (token === null) return null
	history.replaceState(null, "", place.pathname + place.search)
	return { token: TOKEN.test(token) ? token : "", to: (asked.get("to") ?? "").slice(0, LONGEST_GREETING) }
}

export class Door {
	/** Null while inside; else `{invitation, words, me}`: `me` is who this page is without the invitation, if anybody. */
	outside = new Signal(null)
	#api
	#link
	#prefs
	#words = ""

	constructor({ api, link, prefs }) {
		this.#api = api
		this.#link = link
		this.#prefs = prefs
		link.onstranger = () => this.#stand()
	}

	/** At the start of the page, and whenever its address holds a new invitation. */
	begin(invitation) {
		if (!invitation) return this.#link.start()
		this.#link.stop()
		this.#stand(invitation)
		return this.#meet(invitation)
	}

	/** Why the link is about to be closed. */
	told(text) {
		this.#words = text
	}

	/** By PIN or by the invitation at hand: `{ok, text, wait}`, text for a person, wait in seconds. */
	async join(name, pin) {
		const { invitation } = this.outside.value
		const answer = await this.#api("POST", "join", invitation ? { name, invitation: invitation.token } : { name, pin })
		if (answer.ok) this.#enter(name)
		else if (invitation && answer.status === GONE) this.#stand(null, answer.text)
		return answer
	}

	/** Back in as before, without the invitation. */
	stay() {
		this.outside.set(null)
		this.#link.start()
	}

	async leave() {
		const answer = await this.#api("POST", "leave", {})
		if (!answer.ok) return answer
		this.#link.stop()
		this.#stand(null, "You have signed out.")
		await this.look()
		return answer
	}

	/** Perhaps this device came in by another page meanwhile. */
	async look() {
		if (!this.outside.value || this.outside.value.invitation) return
		if (isSomebody(await this.#api("GET", "me")) && this.outside.value) this.stay()
	}

	#stand(invitation = null, words = this.#words) {
		this.#words = ""
		this.outside.set({ invitation, words, me: null })
	}

	async #meet(invitation) {
		const answer = await this.#api("GET", "me")
		const now = this.outside.value
		if (now?.invitation === invitation && isSomebody(answer)) this.outside.set({ ...now, me: answer.data })
	}

	#enter(name) {
		this.#prefs.name.set(name)
		this.outside.set(null)
		this.#link.start()
	}
}

function isSomebody({ ok, data }) {
	return ok && data.role !== STRANGER
}
