/** With several consoles, a band above the bank: over each group of strips its console's nickname, in sight as long as one of them is. */
import { make } from "../elements/element.js"

export function buildBands({ consoles }, bank) {
	const bands = make("div.whose", { "aria-hidden": "true", hidden: true })
	let groups = []
	let widths = { start: 0, bank: 0, each: 0 }
	const draw = () => {
		const at = (index) => Math.min(widths.bank, Math.max(0, index * widths.each - bank.scrollLeft))
		for (const { from, to, band } of groups) {
			const [left, right] = [at(from), at(to)]
			band.hidden = right <= left
			band.style.left = `${widths.start + left}px`
			band.style.width = `${right - left}px`
		}
	}
	const size = () => {
		widths = { start: bank.offsetLeft, bank: bank.clientWidth, each: bank.firstElementChild?.offsetWidth ?? 0 }
		if (groups.length) draw()
	}
	bank.addEventListener("scroll", draw, { passive: true })
	bank.addEventListener("fitted", size)
	bank.addEventListener("filled", () => {
		groups = consoles.list.value.length > 1 ? groupsOf([...bank.children].map(({ strip }) => strip.console)) : []
		bands.hidden = groups.length === 0
		for (const group of groups) group.band = bandOf(consoles, group.console)
		bands.replaceChildren(...groups.map(({ band }) => band))
		size()
	})
	return bands
}

/** Runs of strips of one console, `{console, from, to}`: places in the bank, the last not included. */
function groupsOf(names) {
	const groups = []
	names.forEach((console, index) => {
		const last = groups[groups.length - 1]
		if (last?.console === console) last.to = index + 1
		else groups.push({ console, from: index, to: index + 1 })
	})
	return groups
}

function bandOf(consoles, name) {
	const { title, tint } = consoles.find(name)
	return make("span", { "data-color": tint }, make("b", {}, name), make("small", {}, title))
}
