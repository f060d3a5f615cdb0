/** The packaged images as containers; runs where an engine and images are. */
@NullMarked
package dev.turnout.image;

import org.jspecify.annotations.NullMarked;
