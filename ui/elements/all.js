/** The elements of the page, but for those that stand in panels (views/panels.js) or at musicians (views/musician.js) alone; the class RmFader stands under the tag rm-fader. */
import { RmElement } from "./element.js"
import { Loop } from "./loop.js"
import { RmChoice } from "./rm-choice.js"
import { RmConsoles } from "./rm-consoles.js"
import { RmFaces } from "./rm-faces.js"
import { RmFader } from "./rm-fader.js"
import { RmLink } from "./rm-link.js"
import { RmMeter } from "./rm-meter.js"
import { RmNotice } from "./rm-notice.js"
import { RmPan } from "./rm-pan.js"
import { RmReadout } from "./rm-readout.js"
import { RmReduction } from "./rm-reduction.js"
import { RmSolos } from "./rm-solos.js"
import { RmStrip } from "./rm-strip.js"
import { RmTalks } from "./rm-talks.js"
import { RmToggle } from "./rm-toggle.js"
import { RmTransport } from "./rm-transport.js"

const ELEMENTS = [RmChoice, RmConsoles, RmFaces, RmFader, RmLink, RmMeter, RmNotice, RmPan, RmReadout, RmReduction, RmSolos, RmStrip, RmTalks, RmToggle, RmTransport]

/** The browser makes elements by itself, so the page that they show stands at their class. */
export function defineElements(page) {
	Object.assign(RmElement, { page, loop: new Loop(page.meters) })
	define(ELEMENTS)
}

export function define(elements) {
	for (const element of elements) customElements.define(element.name.replace("Rm", "rm-").toLowerCase(), element)
}
