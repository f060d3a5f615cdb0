/**
 * Who may look and who may change: host names, security headers, keys, and the cookie that stands
 * for a key in a browser.
 */
@NullMarked
package dev.turnout.console.door;

import org.jspecify.annotations.NullMarked;
