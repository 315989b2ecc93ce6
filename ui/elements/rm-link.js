/** The link, always in sight: round trip, or how long it has been gone; a tap tries again now. */
import { make, mark, RmElement } from "./element.js"

const EACH_SECOND = 1000

export class RmLink extends RmElement {
	connectedCallback() {
		this.word = make("span.word")
		this.button = make("button.pill", { press: () => this.page.link.nudge(), title: "Reconnect now" }, make("i"), this.word)
		this.replaceChildren(this.button)
		this.follow(this.page.link.status, () => this.draw())
		const timer = setInterval(() => this.draw(), EACH_SECOND)
		this.until(() => clearInterval(timer))
	}

	draw() {
		const { state, rtt, since } = this.page.link.status.value
		mark(this.button, "data-link", state)
		const gone = Math.max(0, Math.round((this.page.clock.now() - since) / 1000))
		const trip = rtt === null ? "connected" : rtt < 1 ? "<1 ms" : `${rtt} ms`
		const words = { online: trip, connecting: "connecting", reconnecting: `reconnecting ${gone} s`, outside: "not joined" }
		if (this.word.textContent !== words[state]) this.word.textContent = words[state]
	}
}
