/** A short notice at the foot of the page; problems of the program itself stay until a tap. */
import { make, mark, RmElement } from "./element.js"

const STAY_MS = 4500

export class RmNotice extends RmElement {
	connectedCallback() {
		this.setAttribute("role", "status")
		this.follow(this.page.notices.latest, (notice) => notice && this.#show(notice))
		this.follow(this.page.notices.lasting, (texts) => this.#rest(texts))
		this.listen(this, "click", () => this.#rest([]))
	}

	/** The same notice again changes nothing: no blinking, and screen readers say it once. */
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
		mark(this, "data-lasting", texts.length > 0 && texts === this.lasting)
		this.replaceChildren(...texts.map((text) => make("p", {}, text)))
	}
}
