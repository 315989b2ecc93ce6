/** The show: scenes of our own as the server has them, and the recall under way. The consoles' own scenes are in scenes.js. */
import { Signal } from "./signal.js"

/** Time for which the way back from a recall that has ended is offered. */
export const BACK_MS = 30_000
const NOTHING_YET = { scenes: [], moments: [], bin: [], own: [], current: 0, safes: {} }

export class Show {
	/** `{scenes, moments, bin, own, current, safes}` as the frame `scenes` has them. */
	list = new Signal(NOTHING_YET)
	/** The newest recall as the frame `fading` has it, as long as it goes on or its way back is offered; else null. */
	recall = new Signal(null)
	/** Where controls will stand after the recall that this page looks at or has begun: path → position. */
	targets = new Signal(new Map())
	#page
	#role = null
	#epoch = null
	#timer = null
	/** The recall whose banner was closed. */
	#closed = null

	constructor(page) {
		this.#page = page
		page.welcomed.watch(() => this.#follow())
		page.people.you.watch((you) => you && you.role !== this.#role && this.#follow())
	}

	/** Whether the server's list is here. */
	get isKnown() {
		return this.list.value !== NOTHING_YET
	}

	/** A scene's head, of a moment and one in the bin too; undefined for none. */
	find(number) {
		const { scenes, moments, bin, own } = this.list.value
		return [...scenes, ...moments, ...bin, ...own].find(({ id }) => id === number)
	}

	/** Sections of a strip that no recall sets. */
	safeOf(strip) {
		return this.list.value.safes[strip] ?? []
	}

	/** Asks the server for one thing about scenes; the answer is null where nothing was sent or done. */
	async ask(what, more = {}) {
		const { answers, notices } = this.#page
		const answer = await answers.ask({ type: "scene", do: what, ...more })
		if (!answer) notices.inert()
		return answer && !["error", "lost"].includes(answer.type) ? answer : null
	}

	/** Goes back from the newest recall; the words of what others have moved since where that needs to be forced, else "". */
	async back(force = false) {
		const { answers, notices } = this.#page
		const answer = await answers.ask({ type: "scene", do: "back", force })
		if (!answer) notices.inert()
		if (answer?.type === "ok") this.#end()
		if (answer?.type === "ok" && answer.skipped.length) notices.say(answer.skipped[0].text)
		return answer?.code === "changed" ? answer.text : ""
	}

	/** Closes the banner of a recall that is over; undo still takes it back. */
	close() {
		this.#closed = this.recall.value?.recall
		this.#end()
	}

	/** Takes the list. */
	take({ recall, ...list }) {
		this.list.set(list)
		if (recall && (!recall.over || recall.ago * 1000 < BACK_MS)) this.see(recall)
	}

	/** Takes the state of a recall; an older one than that which is shown waits. */
	see(state) {
		const shown = this.recall.value
		if (!this.#page.people.isCrew || (shown && state.recall < shown.recall) || state.recall === this.#closed) return
		const { clock } = this.#page
		const ends = state.over && !(shown?.over && shown.recall === state.recall)
		const left = BACK_MS - (state.ago ?? 0) * 1000
		if (ends || !state.over) clock.clearTimeout(this.#timer)
		if (ends) this.#timer = clock.setTimeout(() => this.#end(), left)
		const until = ends ? clock.now() + left : (shown?.until ?? null)
		this.#leave(state)
		this.recall.set(state.over && state.move === null ? null : { ...state, until: state.over ? until : null })
	}

	/** Somebody's undo of the recall is a way back too. */
	moved(moves) {
		const { move } = this.recall.value ?? {}
		if (move && moves.some(({ cause, of }) => cause === "undo" && of.includes(move))) this.#end()
	}

	/** The link is gone: of a recall that went on nobody knows whether it still does. */
	drop() {
		this.#role = null
		if (this.recall.value && !this.recall.value.over) this.#end()
	}

	/** What a hand has taken, or what is over, goes nowhere any more. */
	#leave({ over, lost }) {
		const left = [...this.targets.value].filter(([path]) => !over && !(path in lost))
		if (left.length < this.targets.value.size) this.targets.set(new Map(left))
	}

	#end() {
		this.#page.clock.clearTimeout(this.#timer)
		this.targets.set(new Map())
		this.recall.set(null)
	}

	#follow() {
		const { link, people, epoch, answers } = this.#page
		if (!link.online) return
		if (this.#epoch !== epoch) {
			this.#end()
			this.#closed = null
		}
		this.#epoch = epoch
		this.#role = people.you.value?.role
		if (people.isCrew) answers.ask({ type: "scene", do: "list" })
		else this.list.set(NOTHING_YET)
	}
}
