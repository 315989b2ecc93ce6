/** "TALK B ×": shown while a talkback is on anywhere, by whatever hand, so that none is left on unseen; a tap ends them all. */
import { letterOf, talksOf } from "../desk/talkback.js"
import { RmSolos } from "./rm-solos.js"

export class RmTalks extends RmSolos {
	label = "End talkback"

	find({ list }) {
		return list.value.flatMap(talksOf)
	}

	textFor(talks) {
		return `TALK ${talks.map(letterOf).join(" ")} ×`
	}
}
