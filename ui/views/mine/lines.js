/** The lines of a musician's page: a send, a group of sends, the whole mix; each by what is granted. */
import { make } from "../../elements/element.js"
import { whyNot } from "../../desk/musician.js"
import { isOpen, stateWords } from "../../desk/requests.js"

/** On tablets and laptops the faders stand. */
export const standing = matchMedia("(min-width: 700px) and (min-height: 600px)")

export function sendLine(page, mix, strip, own = false) {
	const send = `${strip.path}/send/${mix.id}`
	const [mute, tap] = [`${send}/mute`, `${send}/tap`]
	const press = () => page.view.panel.set({ name: "send", path: strip.path })
	const value = (path) => page.store.get(path)
	const quiet = [mute, tap, `${strip.path}/mute`]
	const silent = () => value(mute) === true || (value(`${strip.path}/mute`) === true && (value(tap) ?? "post_fader") === "post_fader")
	const line = make("rm-line", { "data-own": own, "data-strip": strip.path })
	const muting = strip.has(`send/${mix.id}/mute`) && page.mine.may(mute) === "move" ? mute : null
	return line.lay({ strip, press, quiet, silent, mute: muting, taps: meterOf(strip), ...control(page, `${send}/level`, !standing.matches) })
}

/** The whole mix. */
export function masterLine(page, mix) {
	const [path, mute] = [`${mix.path}/fader`, `${mix.path}/mute`]
	const taps = mix.taps.map((tap) => `${mix.path}/${tap}`)
	const line = make("rm-line", { "data-master": true })
	return line.lay({ strip: mix, name: "My mix", what: "whole mix", quiet: [mute], silent: () => page.store.get(mute) === true, taps, ...control(page, path, true) })
}

/** A group; null while none of its channels is sent into this mix. */
export function groupLine(page, mix, sends, { name, members }, at) {
	const strips = sends.filter(({ path }) => members.includes(path))
	const paths = strips.map(({ path }) => `${path}/send/${mix.id}/level`)
	if (paths.length === 0) return null
	const most = (path) => page.mine.most(path, page.consoles.param(path))
	const fader = make("rm-group", { sideways: !standing.matches, "data-most": most(paths[0]) }).lay({ paths, most })
	const press = () => page.view.panel.set({ name: "group", at })
	return make("rm-line", { "data-group": name }).lay({ strip: strips[0], name, what: "group", fader, press, taps: strips.flatMap(meterOf).slice(0, 1) })
}

/** The fader of a path as it is granted: moved, asked for, or looked at. */
function control(page, path, sideways) {
	const may = page.mine.may(path)
	const param = page.consoles.param(path)
	const attributes = { "data-path": path, sideways, calm: true, "data-most": page.mine.most(path, param), "data-may": may === "move" ? null : may }
	if (may !== "ask") return { fader: make("rm-fader", attributes) }
	const asks = (want) => ask(page, path, want)
	return { fader: make("rm-ask", attributes).lay({ ask: asks }), asks, says: () => asked(page, path) }
}

export function ask(page, path, want) {
	if (!page.reaches(path)) return page.notices.inert(path)
	if (page.mine.may(path) !== "ask") return page.notices.say(whyNot(page.mine, "look"))
	return page.requests.ask(path, want)
}

/** "more: seen", or what came of it, while it is news. */
function asked({ requests }, path) {
	const request = requests.news(path)
	return request && (isOpen(request) ? `${request.want}: ${stateWords(request)}` : stateWords(request))
}

function meterOf({ path, taps = [] }) {
	const tap = taps.includes("input") ? "input" : taps[0]
	return tap ? [`${path}/${tap}`] : []
}
