/** What the views of people share: words for roles and mixes, choices in a row, and a question asked again and again. */
import { Signal } from "../../desk/signal.js"
import { make } from "../../elements/element.js"

export const POLL_MS = 2000
export const PEOPLE = { name: "people" }

/** "Musician · Mix 2" */
export function roleWords(page, { role, mix }) {
	return [page.vocabulary.value.roles[role]?.name ?? role, mix && page.nameOf(mix)].filter(Boolean).join(" · ")
}

/** Says what was refused; true when all went well. */
export function well({ notices }, { ok, text }) {
	if (!ok) notices.say(text, "error")
	return ok
}

/** Draws the panel anew when this page's own role is another now. */
export function whileRole({ people, view }, panel, until) {
	const role = people.you.value?.role
	until(people.you.watch((you) => you?.role !== role && queueMicrotask(() => view.panel.value === panel && view.panel.set({ ...panel }))))
}

/** A Signal of what an address of the API says, asked again while the panel stands; null until it is known. `.again()` asks now. */
export function polled(page, path, until) {
	const answer = new Signal(null)
	let [timer, stopped] = [null, false]
	answer.again = async () => {
		clearTimeout(timer)
		const { ok, data } = await page.api("GET", path)
		if (stopped) return
		if (ok) answer.set(data)
		clearTimeout(timer)
		timer = setTimeout(answer.again, POLL_MS)
	}
	until(() => {
		stopped = true
		clearTimeout(timer)
	})
	answer.again()
	return answer
}

/** A row of keys of which one is pressed; `options` are [value, word]; answers the fieldset with `.show(value)`. */
export function segments(title, options, now, choose) {
	const keys = options.map(([value, word]) => make("button", { press: () => choose(value) }, word))
	const set = make("fieldset", {}, make("legend", {}, title), make("div.segments", {}, ...keys))
	set.show = (value) => keys.forEach((key, at) => key.setAttribute("aria-pressed", options[at][0] === value))
	set.show(now)
	return set
}

export function selectOf(label, options, now, choose) {
	const box = make("select", {}, ...options.map(([value, word]) => make("option", { value, selected: value === now }, word)))
	box.addEventListener("change", () => choose(box.value))
	return make("label.field.select", {}, label, box)
}
