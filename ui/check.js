/* Comes where scripts of the mixer come: /why asks for it, whatever form the others are served in. */
export {}
