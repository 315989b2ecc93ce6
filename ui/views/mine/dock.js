/** Foot of a musician's page, near the thumb: mix level, mute, more me, undo. */
import { moreMe, Undo } from "../../desk/moreme.js"
import { make } from "../../elements/element.js"
import { icon } from "../../elements/icon.js"
import { quickAsks } from "../../desk/requests.js"
import { ask, masterLine } from "./lines.js"
import { ownOf, partnerOf } from "./own.js"

/** Undo lives as long as the page stays on one mix. */
const undos = new Map()

export function buildDock(page, mix, sends) {
	const master = mix.has("fader") && masterLine(page, mix)
	return [quickKeys(page, mix, sends), master, muteKey(page, mix), ...moreKeys(page, mix, sends)].filter(Boolean)
}

/** A musician who may move a fader may still tell the crew. */
function quickKeys(page, mix, sends) {
	const asks = quickAsks(mix, sends, (path) => page.nameOf(path), (path) => page.mine.may(path))
	const send = ({ path, want }) => (page.link.online ? page.requests.ask(path, want) : page.notices.inert(path))
	return asks.length > 0 && make("rm-quick").lay({ asks, send })
}

function muteKey({ mine }, mix) {
	const path = `${mix.path}/mute`
	if (!mix.has("mute")) return null
	return make("rm-toggle.mute.mute-mine", { "data-path": path, "data-may": mine.may(path) === "move" ? null : "look", off: "Mute mix", on: "Muted", "aria-label": "Mute mix" })
}

function moreKeys(page, mix, sends) {
	const own = ownOf(page, mix.path)
	const path = `${own}/send/${mix.id}/level`
	const may = page.mine.may(`${sends[0].path}/send/${mix.id}/level`)
	if (may === "look") return []
	const undo = undoOf(mix.path)
	const back = make("button.undo", { press: () => undoMore(page, undo, back), "aria-label": "Undo more me", disabled: !undo.possible }, icon("undo"), make("span", {}, "Undo"))
	const press = () => {
		if (!page.consoles.param(path)) return page.view.panel.set({ name: "me" })
		if (may === "ask") return ask(page, path, "more")
		more(page, mix, sends, own, undo)
		back.disabled = !undo.possible
	}
	const key = make("button.more-me", { press }, make("b", {}, "More me"), make("small", {}, may === "ask" ? "asks the sound crew" : "others down a bit"))
	return may === "ask" ? [key] : [key, back]
}

function undoOf(mix) {
	if (!undos.has(mix)) undos.set(mix, new Undo())
	return undos.get(mix)
}

/** The own send up, on both sides of a stereo link, and all others down, in one set of many paths. */
function more(page, mix, sends, own, undo) {
	const { store, notices, consoles, mine } = page
	const both = [own, partnerOf(page, own)]
	const moves = moreMe(sends.map((strip) => sendOf({ store, consoles, mine }, strip, mix, both)))
	if (!page.reaches(mix.path)) return notices.inert(`${own}/send/${mix.id}/level`)
	if (moves.length === 0) return notices.say("No more room: you are at maximum, everyone else at minimum.")
	const done = moves.filter(({ path, to }) => !store.holder(path) && store.set(path, to))
	undo.keep(done)
	if (!done.some(({ path }) => path.startsWith(`${own}/`))) notices.say("You are at maximum. Everyone else is now a little lower.")
}

function sendOf({ store, consoles, mine }, strip, mix, both) {
	const path = `${strip.path}/send/${mix.id}/level`
	const param = consoles.param(path)
	return { path, own: both.includes(strip.path), position: store.get(path), param, most: mine.most(path, param) }
}

function undoMore(page, undo, back) {
	const { store, consoles, notices } = page
	if (!store.live([...undo.paths][0] ?? "")) return notices.inert([...undo.paths][0])
	const { values, left } = undo.back((path) => store.get(path), (path) => consoles.param(path)?.steps)
	for (const path in values) store.set(path, values[path])
	back.disabled = !undo.possible
	if (!left && Object.keys(values).length === 0) notices.say("Nothing to undo.")
	if (left) notices.say(left === 1 ? "1 send was changed since and stays." : `${left} sends were changed since and stay.`)
}
