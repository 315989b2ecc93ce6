/** Moves of everybody, as far as this page may see them; undo and redo of this page's person. */
import { groupName } from "./mute-groups.js"
import { Signal } from "./signal.js"

/** Time for which the undo key shows the last move. */
export const SHOWN_MS = 6000

export class History {
	/** The newest own move, or why an undo was refused: `{text, move, force}`; null when that is past. */
	latest = new Signal(null)
	/** Functions that get each move as it ends. */
	followers = new Set()
	#page
	#timer = null
	#role = null

	constructor(page) {
		this.#page = page
		page.welcomed.watch(() => this.#follow())
		page.people.you.watch((you) => you && you.role !== this.#role && this.#follow())
	}

	undo(more = {}) {
		return this.#takeBack("undo", more)
	}

	/** Sets values as one move; resolves to the answer, or null without a link. */
	paste(values) {
		return this.#page.answers.ask({ type: "paste", values })
	}

	redo(more = {}) {
		return this.#takeBack("redo", more)
	}

	/** Takes moves that have just ended, or those that were asked for. */
	add(frame) {
		if (frame.id && this.#page.answers.answer(frame)) return
		for (const move of frame.moves) this.#end(move)
	}

	/** The link is gone. */
	drop() {
		this.#role = null
		this.#show(null)
	}

	/** From now on each move comes as it ends. Guests get none. */
	#follow() {
		const { link, people } = this.#page
		if (!link.online) return
		this.#role = people.you.value?.role
		if (this.#role !== "guest") this.#page.answers.ask({ type: "history", limit: 0 })
	}

	async #takeBack(type, more) {
		const answer = await this.#page.answers.ask({ type, ...more })
		if (!answer) this.#page.notices.inert()
		if (answer?.code === "changed") this.#show({ text: answer.text, move: answer.move, force: true })
		else if (answer?.skipped?.length && answer.type === "ok") this.#page.notices.say(answer.skipped[0].text)
		return answer
	}

	#end(move) {
		for (const follow of this.followers) follow(move)
		if (move.mine) this.#show({ text: moveText(this.#page, move), move: move.id })
	}

	#show(latest) {
		const { clock } = this.#page
		clock.clearTimeout(this.#timer)
		this.latest.set(latest)
		if (latest) this.#timer = clock.setTimeout(() => this.latest.set(null), SHOWN_MS)
	}
}

/** "Kick −3.2 → +4.1", "Kick muted", "Kick: 5 controls", "212 controls"; of a group over consoles "Drums 0.0 → −5.0, 8 members", "Drums deleted". */
export function moveText(page, move) {
	const [path, ...others] = Object.keys(move.values)
	const group = path?.slice(0, path.lastIndexOf("/"))
	if (path?.endsWith("/members")) return `${groupName(page, group)}: members`
	if (path?.endsWith("/exists")) return `${groupName(page, group)} ${move.values[path][1] ? "made" : "deleted"}`
	if (move.cause === "group") return `${controlName(page, path)} ${spanText(page, path, move.values[path])}, ${others.length} ${others.length === 1 ? "member" : "members"}`
	if (others.length === 0) return `${controlName(page, path)} ${spanText(page, path, move.values[path])}`
	const strips = new Set([path, ...others].map(stripOf))
	const count = `${others.length + 1} controls`
	return strips.size === 1 ? `${page.nameOf(stripOf(path))}: ${count}` : count
}

export function spanText(page, path, [before, after]) {
	return `${valueText(page, path, before)} → ${valueText(page, path, after)}`
}

function controlName(page, path) {
	const [, kind, ...local] = path.split("/")
	if (kind === "mutegroup" && local.length === 1) return groupName(page, path)
	const own = page.nameOf(stripOf(path))
	if (local[0] === "send") return `${own} in ${page.nameOf(`${path.split("/")[0]}/${local[1]}`)}`
	return ["fader", "mute"].includes(local.join("/")) || local.length === 0 ? own : `${own} ${local.join(" ").replaceAll("_", " ")}`
}

/** A value's text; `law` is that of a position whose console is not here. */
export function valueText({ consoles }, path, value, law) {
	if (value === null || value === undefined) return "?"
	if (typeof value === "boolean") return path.endsWith("/mute") ? (value ? "muted" : "on") : value ? "on" : "off"
	return typeof value === "number" ? (consoles.param(path)?.taper ?? law)?.text(value) ?? String(value) : String(value)
}

/** The strip of a path: `band/ch1`. */
export function stripOf(path) {
	return path.split("/").slice(0, 2).join("/")
}
