/** Top of a musician's page: whose mix, its limit, channels or groups; messages, people, lock, more, link. */
import { consoleOf } from "../../desk/consoles.js"
import { make, mark, wear } from "../../elements/element.js"
import { icon } from "../../elements/icon.js"
import { buildHeading } from "../heading.js"
import { lockPage } from "../lock.js"
import { canGroup } from "./own.js"

const TROUBLE = { offline: "console offline", syncing: "console syncing" }

export function buildMineHeader(page) {
	return make("header.mine-head", {}, buildHeading(page), whose(page), tabs(page), tools(page))
}

function whose(page) {
	const { mine, consoles } = page
	const title = make("b")
	const limit = make("small.limit")
	let stop = null
	const draw = () => {
		stop?.()
		title.textContent = mine.mix.value ? "Your mix" : "Remote Mixer"
		const mix = mine.mix.value && consoles.strip(mine.mix.value)
		stop = mix ? wear(page, mix, title, title) : null
	}
	mine.mix.watch(draw)
	consoles.list.watch(draw)
	followStatus(page, limit)
	return make("div.owner", {}, title, limit)
}

/** Below the name the limit; in its place what is amiss with the console. */
function followStatus({ mine, store, consoles }, limit) {
	let stop = () => {}
	const draw = () => {
		const path = mine.mix.value && `${consoleOf(mine.mix.value)}/status`
		const status = store.truth(path) ?? "online"
		mark(limit, "data-trouble", status !== "online")
		limit.textContent = status === "online" ? limitWords(mine) : (TROUBLE[status] ?? status)
		limit.hidden = !limit.textContent
	}
	const follow = () => {
		stop()
		stop = mine.mix.value ? store.watch(`${consoleOf(mine.mix.value)}/status`, draw) : () => {}
		draw()
	}
	mine.mix.watch(follow)
	mine.rights.watch(draw)
	consoles.list.watch(draw)
}

/** "Limit +6 dB": how loud this mix can be made by its owner. */
function limitWords(mine) {
	const [sends, whole] = [mine.ceiling("sends"), mine.ceiling("fader")]
	const words = (db) => `${db > 0 ? "+" : ""}${db} dB`.replace("-", "−")
	if (sends === Infinity && whole === Infinity) return ""
	if (sends === whole || whole === Infinity) return `Limit ${words(sends)}`
	return sends === Infinity ? `Mix limit ${words(whole)}` : `Limit ${words(sends).slice(0, -3)}, mix ${words(whole)}`
}

function tabs({ prefs, mine }) {
	const tab = (grouped, word) => make("button", { press: () => prefs.grouped.set(grouped), "data-tab": word }, word)
	const both = [tab(false, "Channels"), tab(true, "Groups")]
	prefs.grouped.watch((grouped) => both.forEach((one, at) => one.setAttribute("aria-pressed", String(grouped === Boolean(at)))))
	const row = make("div.segments", { role: "group", "aria-label": "Show" }, ...both)
	const show = () => (row.hidden = mine.mix.value !== "" && !canGroup(mine))
	mine.rights.watch(show)
	mine.mix.watch(show)
	return row
}

function tools(page) {
	const { view, messages } = page
	const tool = (name, label) => make("button.tool", { press: () => view.panel.set(view.panel.value?.name === name ? null : { name }), "aria-label": label, "data-tool": name }, icon(name === "mymore" ? "more" : name))
	const said = tool("messages", "Messages")
	messages.unread.watch((count) => mark(said, "data-unread", count || null))
	const lock = make("button.tool", { press: () => lockPage(page), "aria-label": "Lock", "data-tool": "lock" }, icon("lock"))
	return make("div.tools", {}, tool("people", "People"), said, lock, tool("mymore", "More"), make("rm-link"))
}
