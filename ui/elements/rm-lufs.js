/** Short-term loudness of a main strip, small, beside its keys; a tap opens all of its loudness. `data-strip`: its path. */
import { loudnessOf, lufsText } from "../desk/loudness.js"
import { make, RmElement, say } from "./element.js"

export class RmLufs extends RmElement {
	connectedCallback() {
		const { strip } = this.dataset
		this.value = make("b", {}, "—")
		this.key = make("button.sends", { press: () => this.#open(strip), "aria-haspopup": "dialog", title: "Short-term loudness" }, this.value, make("small", {}, "LUFS"))
		this.replaceChildren(this.key)
		this.until(this.page.pictures.look(`${strip}/loudness`, (bytes) => this.#see(bytes)))
	}

	#open(path) {
		this.page.view.tab.set("loudness")
		this.page.view.panel.set({ name: "strip", path })
	}

	#see(bytes) {
		say(this.value, lufsText(loudnessOf(bytes)?.shortTerm))
	}
}
