/** The way back from a deleted group: one tap, with its name, colour and members. */
import { make } from "../elements/element.js"

export function putBack({ api, view, notices }, { path, name }) {
	const press = async () => {
		const { ok, data, text } = await api("POST", `groups/${path}/restore`, {})
		if (ok) view.panel.set({ name: "groups", group: data.path, from: { name: "groups" } })
		else notices.say(text)
	}
	return make("div.behind", { role: "status" }, make("p", {}, `“${name}” is deleted.`), make("button.wide", { press }, "Put back"))
}
