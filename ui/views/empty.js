/** What stands where no strip stands yet: finding the mixer, or a mixer without a console. */
import { make } from "../elements/element.js"

export function buildEmpty({ link, consoles }) {
	const title = make("b")
	const advice = make("p")
	const draw = () => {
		title.textContent = link.online ? "No console is open" : "Looking for the mixer"
		advice.textContent = link.online ? "Start the server with --console to open one." : "Is the server running, and this device on the same network?"
	}
	link.status.watch(draw)
	return make("div.empty", { role: "status" }, make("span.pulse"), title, advice)
}
