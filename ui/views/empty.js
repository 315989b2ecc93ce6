/** What stands where no strip stands yet: finding the mixer, or a mixer without a console. */
import { make } from "../elements/element.js"

const PATIENCE_MS = 3000

export function buildEmpty({ link, consoles }) {
	const title = make("b")
	const advice = make("p")
	const place = make("div.empty", { role: "status" }, make("span.pulse"), title, advice)
	let slow = false
	const draw = () => {
		const noConsole = link.online && consoles.list.value.length === 0
		title.textContent = noConsole ? "No console is open" : "Looking for the mixer"
		advice.textContent = noConsole ? "Start the server with --console to open one." : slow ? "Is the server running, and this device on the same network?" : ""
	}
	link.status.watch(draw)
	consoles.list.watch(draw)
	setTimeout(() => {
		slow = true
		draw()
	}, PATIENCE_MS)
	return place
}
