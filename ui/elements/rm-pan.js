/** A pan: a bar from the centre and its side in words. Attributes: `data-path`. */
import { make, measure, say } from "./element.js"
import { Slider } from "./slider.js"

export class RmPan extends Slider {
	build() {
		this.setAttribute("sideways", "")
		this.bar = make("span.bar")
		this.word = make("span.word")
		this.replaceChildren(this.bar, this.word)
		this.until(measure(this, ({ width }) => (this.travel = Math.max(1, width * 2))))
	}

	show({ known, text, position }) {
		this.style.setProperty("--position", position)
		this.bar.hidden = !known
		this.bar.style.setProperty("--from", Math.min(position, 0.5))
		this.bar.style.setProperty("--to", Math.max(position, 0.5))
		say(this.word, text)
	}
}
