/** What only the crew opens is fetched when it is opened: a musician's phone never carries it. */
import { make } from "../../elements/element.js"

const SILENT = "The mixer does not answer: close this and try again."

export const inviteView = later("Invite", async () => (await import("./invite.js")).inviteView)
export const personView = later("Person", async () => (await import("./person.js")).personView)
export const policyView = later("Who may do what", async () => (await import("./policy.js")).policyView)

function later(title, load) {
	return (page, panel, until) => {
		const body = make("div")
		let open = true
		until(() => (open = false))
		load().then(
			(view) => open && body.append(...[view(page, panel, until).body].flat()),
			() => body.append(make("p.quiet", {}, SILENT)),
		)
		return { title, body }
	}
}
