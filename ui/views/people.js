/** Who is here, and by which name this page goes. */
import { make } from "../elements/element.js"
import { face } from "../elements/rm-faces.js"

const LONGEST = 32

export function peopleView(here, panel, until) {
	const list = make("ul.people")
	until(here.people.list.watch((people) => list.replaceChildren(...people.map((person) => row(here, person)))))
	return { title: "People", body: [buildRename(here), list] }
}

function row({ store }, person) {
	const you = person.client === store.me
	return make("li", {}, face(person), make("b", {}, person.name), make("small", {}, you ? "this page" : (person.role ?? "")))
}

function buildRename({ prefs, link, name }) {
	const box = make("input", { type: "text", maxlength: LONGEST, "aria-label": "Your name", autocomplete: "nickname", enterkeyhint: "done" })
	box.value = name()
	const form = make("form.rename", {}, make("label", {}, "Your name", box), make("button", { type: "submit" }, "Change"))
	form.addEventListener("submit", (event) => {
		event.preventDefault()
		const typed = box.value.trim()
		if (!typed) return
		prefs.name.set(typed)
		link.send({ type: "name", name: typed })
		box.blur()
	})
	return form
}
