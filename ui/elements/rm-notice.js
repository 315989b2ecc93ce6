/** A word at the foot of the page that leaves by itself; what is amiss with the program stays until a tap. */
import { make, mark, RmElement } from "./element.js"

const STAY_MS = 4500

export class RmNotice extends RmElement {
	connectedCallback() {
		this.setAttribute("role", "status")
		this.follow(this.page.notices.latest, (notice) => notice && this.#show(notice))
		this.follow(this.page.notices.lasting, (texts) => this.#rest(texts))
		this.listen(this, "click", () => this.#rest([]))
	}

	/** What is said already stays as it stands: nothing blinks, and no screen reader says it twice. */
	#show({ text, tone }) {
		clearTimeout(this.timer)
		if (this.childElementCount !== 1 || this.textContent !== text) this.#draw(tone, [text])
		this.timer = setTimeout(() => this.#rest(), STAY_MS)
	}

	#rest(texts = this.lasting) {
		this.lasting = texts
		this.#draw("error", texts)
	}

	#draw(tone, texts) {
		mark(this, "data-tone", tone)
		this.replaceChildren(...texts.map((text) => make("p", {}, text)))
	}
}
