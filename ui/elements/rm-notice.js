/** One short word to the person at the foot of the page; it leaves by itself. */
import { make, mark, RmElement } from "./element.js"

const STAY_MS = 4500

export class RmNotice extends RmElement {
	connectedCallback() {
		this.setAttribute("role", "status")
		this.follow(this.here.notices.latest, (notice) => notice && this.#show(notice))
	}

	#show({ text, tone }) {
		clearTimeout(this.timer)
		mark(this, "data-tone", tone)
		this.replaceChildren(make("p", {}, text))
		this.timer = setTimeout(() => this.replaceChildren(), STAY_MS)
	}
}
