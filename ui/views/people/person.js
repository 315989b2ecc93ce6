/** One person, for the host: role, mix, removal. Changes apply to their open pages at once. */
import { buses } from "../../desk/layers.js"
import { folkOf, isHere, pageWords } from "../../desk/people.js"
import { Signal } from "../../desk/signal.js"
import { make } from "../../elements/element.js"
import { twice } from "../ask.js"
import { Polled, segments, selectOf, well, whileRole } from "./common.js"

const ABOUT = {
	host: "Full control, including setup and people.",
	engineer: "Full control, except setup and people.",
	musician: "Own mix only, as set under Permissions.",
	guest: "View only, unless set under Permissions.",
}

export function personView(page, panel, until) {
	const body = make("div.sheet")
	whileRole(page, panel, until)
	const known = new Polled(page, "people", until)
	until(known.watch((answer) => answer && draw(page, body, panel.id, known)))
	return { title: "Person", body }
}

/** Drawn anew only when the person is another: a key under a finger stays. */
function draw(page, body, id, known) {
	const one = folkOf(known.value, page.people.list.value, page.store.me).find((other) => other.id === id)
	const key = JSON.stringify(one && [one.role, one.mix, one.name])
	if (body.dataset.drawn !== key) body.replaceChildren(...(one ? parts(page, one, known) : [make("p.quiet", {}, "Person removed.")]))
	body.dataset.drawn = key
	if (one) body.querySelector("output").textContent = isHere(one) ? one.pages.map((page) => pageWords(page, Date.now())).join("\n") : "offline"
}

function parts(page, person, known) {
	const change = async (more) => {
		well(page, await page.api("PUT", `people/${person.id}`, more))
		known.again()
	}
	return [
		make("div.field", {}, make("h1", {}, person.name), make("output.how")),
		segments("Role", Object.entries(page.vocabulary.value.roles).map(([role, { name }]) => [role, name]), new Signal(person.role), (role) => change({ role })),
		make("p.quiet", {}, ABOUT[person.role]),
		mixOf(page, person, change),
		twice("Remove", `Sign ${person.name} out now? To join again, they need the PIN or an invitation.`, () => remove(page, person)),
	].filter(Boolean)
}

function mixOf(page, { role, mix }, change) {
	if (role !== "musician" && role !== "guest") return null
	const mixes = buses(page.consoles.list.value).map(({ path }) => [path, page.nameOf(path)])
	const lost = mix && !mixes.some(([path]) => path === mix) ? [[mix, `${mix} (not available)`]] : []
	return selectOf("Mix", [["", "No mix"], ...mixes, ...lost], mix, (path) => change({ mix: path }))
}

async function remove(page, { id }) {
	if (well(page, await page.api("DELETE", `people/${id}`))) page.view.panel.set({ name: "people" })
}
