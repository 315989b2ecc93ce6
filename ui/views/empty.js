/** What stands where no strip stands yet: finding the mixer, a console that opens, or none. */
import { make } from "../elements/element.js"

export function buildEmpty({ link, consoles }) {
	const title = make("b")
	const advice = make("p")
	const draw = () => [title.textContent, advice.textContent] = words(link.online, consoles.list.value)
	link.status.watch(draw)
	consoles.list.watch(draw)
	return make("div.empty", { role: "status" }, make("span.pulse"), title, advice)
}

function words(online, consoles) {
	if (!online) return ["Looking for the mixer", "Is the server running, and this device on the same network?"]
	if (consoles.length) return ["Opening the console", "Its strips come as soon as it has answered."]
	return ["No console is open", "Start the server with --console to open one."]
}
