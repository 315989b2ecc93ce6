/** Permissions in each mix and safety limits, for the host. Each change is saved at once. */
import { GRANTS, grantWords, PARTS, Policy, signed } from "../../desk/policy.js"
import { buses } from "../../desk/layers.js"
import { Signal } from "../../desk/signal.js"
import { make } from "../../elements/element.js"
import { segments, well, whileRole } from "./common.js"
import { rails } from "./rails.js"

const ABOUT = "What musicians and guests can do in their own mix: move, ask the crew, or view. Other mixes are always locked."
const ROLES = [["musician", "Musicians"], ["guest", "Guests"]]
const CEILINGS = [["send_db", "Send limit"], ["bus_db", "Mix limit"]]

export function policyView(page, panel, until) {
	whileRole(page, panel, until)
	const body = make("div.sheet")
	const policy = new Signal(null)
	const ask = async (method, form) => {
		const answer = await page.api(method, "policy", form)
		if (well(page, answer)) policy.set(new Policy(answer.data, page.vocabulary.value))
		else policy.tell()
	}
	const change = (form) => ask("PUT", form)
	until(policy.watch((now) => now && !body.firstChild && fill(page, body, policy, change)))
	ask("GET")
	return { title: "Permissions", body }
}

function fill(page, body, policy, change) {
	const mixes = buses(page.consoles.list.value)
	const none = make("p.quiet", {}, "No mixes on this console.")
	const each = mixes.map((mix) => mixPart(page, mix, policy, change))
	body.append(make("p.quiet", {}, ABOUT), make("div.mixes", {}, ...(each.length ? each : [none])), rails(page, policy, change))
}

function mixPart(page, { path }, policy, change) {
	const [summary, inside] = [make("small"), make("div.sheet")]
	const part = make("details", {}, make("summary", {}, make("b", {}, page.nameOf(path)), summary), inside)
	policy.watch((now) => (summary.textContent = wordsOf(now, path)))
	part.addEventListener("toggle", () => inside.firstChild || inside.append(...ROLES.map(([role, title]) => grants(path, role, title, policy, change)), ceilings(page, path, policy, change), limiter(page, path)))
	return part
}

function wordsOf(policy, path) {
	const { send_db: send } = policy.ceiling(path)
	return `${grantWords(policy.grant(path, "musician"))}${send === null ? "" : ` · max. ${signed(send)} dB`}`
}

function grants(path, role, title, policy, change) {
	const rows = PARTS.map(([part, word]) => {
		const granted = new Signal(null)
		policy.watch((now) => granted.set(now.grant(path, role)[part]))
		return segments(word, GRANTS, granted, (may) => change(policy.value.withGrant(path, role, part, may)))
	})
	return make("div.rights", {}, make("h3", {}, title), ...rows)
}

function ceilings({ vocabulary }, path, policy, change) {
	const [min, max] = vocabulary.value.ceiling_range
	const boxes = CEILINGS.map(([which, word]) => {
		const box = make("input", { type: "number", step: 0.5, min, max, placeholder: "none", inputmode: "decimal" })
		policy.watch((now) => document.activeElement !== box && (box.value = now.ceiling(path)[which] ?? ""))
		box.addEventListener("change", () => box.reportValidity() && change(policy.value.withCeiling(path, which, box.value === "" ? null : Number(box.value))))
		return make("label.field.db", {}, word, make("span", {}, box, "dB"))
	})
	return make("div.pair", {}, ...boxes)
}

/** The console's own limiter of a mix, if it has one. */
function limiter({ consoles }, path) {
	if (!consoles.strip(path)?.has("limiter")) return ""
	const key = make("rm-toggle.flip", { "data-path": `${path}/limiter`, off: "Limiter off", on: "Limiter on", "aria-label": "Mix limiter" })
	const level = make("rm-readout", { "data-path": `${path}/ceiling`, unit: true })
	return make("div.field.limiter", {}, "Limiter ceiling", make("div.pair", {}, level, key))
}
