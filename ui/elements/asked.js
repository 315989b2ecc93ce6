/** A request that waits, worn on the sound crew's pages by the fader that it is about: who asks, and for what. */
import { isLowering } from "../desk/requests.js"
import { make, mark } from "./element.js"

export function followAsks(fader) {
	const { requests, people } = fader.page
	const words = make("span.asked")
	fader.follow(requests.open, (open) => {
		const request = people.isCrew ? open.find(({ path }) => path === fader.path) : undefined
		mark(fader, "data-asked", request && (isLowering(request) ? "down" : "up"))
		words.textContent = request ? `${isLowering(request) ? "▼" : "▲"} ${request.from?.name ?? "Someone"}: ${request.want}` : ""
	})
	return words
}
