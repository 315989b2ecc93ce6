/** The strips of a plan as rows: ticked or not, what changes from where to where, and why the rest stays. */
import { valueText } from "../../desk/history.js"
import { STAYS, stayOf } from "../../desk/plan.js"
import { make } from "../../elements/element.js"
import { icon } from "../../elements/icon.js"
import { wordFor } from "../details/table.js"

/** Controls of a strip that are shown first; the others follow a tap. */
const FIRST = 6

/** One strip of a plan; `tick` and `unfold` are called by its keys. `ticks` is null where nothing can be left out. */
export function planRow(page, strip, ticks, { isOpen, tick, unfold }) {
	const { path, changes } = strip
	const ticked = ticks ? changes.filter(([one]) => ticks.has(one)) : changes
	const stay = ticks && stayOf(strip, ticks)
	const on = ticks?.hasStrip(path)
	const box = ticks && make("button.tick-box", { press: tick, role: "checkbox", "aria-checked": String(Boolean(on)), "aria-label": `Recall ${nameOf(page, path)}` }, on && icon("check"))
	const levels = ticked.filter(([one]) => one.endsWith("/level"))
	const level = ticked.find(([one]) => one === `${path}/fader`) ?? (levels.length === 1 ? levels[0] : null)
	const words = stay ? make("em", {}, stayWords(page, stay)) : level ? make("span", {}, spanWords(page, level)) : null
	const head = make("button.plan-head", { press: unfold, "aria-expanded": String(isOpen) }, make("small", {}, placeOf(page, path)), make("b", {}, nameOf(page, path)), words, make("i", {}, ticked.length || ""), icon("down"))
	return make("li", { "data-strip": path, "data-color": page.consoles.colorOf(path, page.store.get(`${path}/color`)), "data-out": ticks && !on ? "" : null, "data-verdict": stay?.[1].verdict }, box, head, isOpen && details(page, strip, ticks))
}

function details(page, { changes, stays }, ticks) {
	const list = make("ul.plan-values")
	const item = (change) => make("li", { "data-out": ticks && !ticks.has(change[0]) ? "" : null }, make("span", {}, wordOf(page, change[0])), make("span", {}, spanWords(page, change)))
	const reasons = new Map()
	for (const [path, { text }] of stays) reasons.set(text, [...(reasons.get(text) ?? []), wordOf(page, path)])
	const left = [...reasons].map(([text, words]) => make("li.stay", {}, `${words.slice(0, FIRST).join(", ")}${words.length > FIRST ? ` and ${words.length - FIRST} more` : ""}: ${text}`))
	const more = changes.slice(FIRST)
	const key = more.length > 0 && make("button", { press: () => key.parentElement.replaceWith(...more.map(item)) }, `${more.length} more`)
	list.append(...changes.slice(0, FIRST).map(item), ...(key ? [make("li", {}, key)] : []), ...left)
	return list
}

/** "−8.0 → −20.0 dB", "muted → on". */
function spanWords(page, [path, [from, to]]) {
	const unit = page.consoles.param(path)?.taper?.unitName === "dB" ? " dB" : ""
	return `${valueText(page, path, from)} → ${valueText(page, path, to)}${unit}`
}

/** "Safe: stays as it is", "FOH tablet holds it". */
function stayWords({ store, people }, [path, { verdict }]) {
	const by = verdict === "held" && store.holder(path)
	return by ? `${people.mark(by).name} holds it` : STAYS[verdict][1]
}

/** "Level", "Send Anna", "EQ 3 gain". */
function wordOf(page, path) {
	const [console, strip, first = "", ...rest] = path.split("/")
	if (strip === "mutegroup") return `Mute group ${first}`
	if (first === "fader") return "Level"
	if (first !== "send") return [wordFor(first), ...rest].join(" ").replaceAll("_", " ")
	const [bus, ...local] = rest
	return [`Send ${page.nameOf(`${console}/${bus}`)}`, ...local.filter((part) => part !== "level")].join(" ")
}

function nameOf(page, path) {
	return path.endsWith("/mutegroup") ? "Mute groups" : page.nameOf(path)
}

/** "band · CH 3", the console where there are several. */
function placeOf({ consoles }, path) {
	const label = consoles.strip(path)?.label.toUpperCase()
	return [consoles.list.value.length > 1 && path.split("/")[0], label].filter(Boolean).join(" · ")
}
