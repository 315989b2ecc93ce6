/** Guard rails: limits on controls, each for some roles; of several the strictest binds. */
import { limitsOf, LIMITS, PLACES, railWords } from "../../desk/policy.js"
import { make } from "../../elements/element.js"
import { selectOf } from "./common.js"

const ABOUT = "Limits for everyone except hosts. The server refuses moves beyond them."

export function rails({ vocabulary }, policy, change) {
	const { roles, ceiling_range: range } = vocabulary.value
	const list = make("ul.people.open")
	policy.watch(({ form }) => list.replaceChildren(...form.rails.map((rail, at) => row(railWords(rail, roles), () => change(policy.value.withoutRail(at))))))
	return make("div.field", {}, make("h3", {}, "Safety limits"), make("p.quiet", {}, ABOUT), list, adding(roles, range, policy, change))
}

function row({ what, whom }, remove) {
	return make("li", {}, make("span", {}, make("b", {}, what), make("small", {}, whom)), make("button.small", { press: remove, "aria-label": `Remove: ${what}` }, "Remove"))
}

/** Hosts are bound by no guard rail. */
function adding({ host, ...bound }, [min, max], policy, change) {
	const wish = { place: PLACES[0][0], limit: LIMITS[0][0], number: null, roles: new Set(Object.keys(bound)) }
	const number = make("input", { type: "number", required: true, step: 0.5, min, max, inputmode: "decimal", "aria-label": "dB" })
	const amount = make("label.field.db", { hidden: true }, "Value", make("span", {}, number, "dB"))
	const limits = make("div")
	const choose = (key) => {
		wish.limit = key
		number.value = LIMITS.find(([one]) => one === key)[2] ?? ""
		amount.hidden = key === "only_mute"
	}
	const put = (path) => {
		wish.place = path
		const fitting = limitsOf(path)
		limits.replaceChildren(selectOf("Limit type", fitting, fitting[0][0], choose))
		choose(fitting[0][0])
	}
	const place = selectOf("Controls", PLACES, wish.place, put)
	const whom = make("fieldset", {}, make("legend", {}, "Applies to"), make("div.segments", {}, ...Object.entries(bound).map(([role, { plural }]) => member([role, plural], wish.roles))))
	put(wish.place)
	const add = () => {
		if (wish.limit !== "only_mute" && !number.reportValidity()) return
		change(policy.value.withRail({ ...wish, number: Number(number.value), roles: [...wish.roles] }))
	}
	return make("details", {}, make("summary", {}, "New limit"), make("div.sheet", {}, place, limits, amount, whom, make("button.wide", { press: add }, "Add")))
}

function member([role, word], roles) {
	const key = make("button", { press: () => turn(), "aria-pressed": String(roles.has(role)) }, word)
	const turn = () => {
		if (roles.size > 1 && roles.has(role)) roles.delete(role)
		else roles.add(role)
		key.setAttribute("aria-pressed", String(roles.has(role)))
	}
	return key
}
