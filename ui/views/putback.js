/** The way back from a deleted group: one tap, with its name, colour and members. */
import { consoleOf } from "../desk/consoles.js"
import { make } from "../elements/element.js"

export function putBack(page, { path, name }) {
	const press = async () => {
		if (await page.act(consoleOf(path), "restore", { group: path })) page.view.panel.set({ name: "groups", group: path, from: { name: "groups" } })
	}
	return make("div.behind", { role: "status" }, make("p", {}, `“${name}” is deleted.`), make("button.wide", { press }, "Put back"))
}
