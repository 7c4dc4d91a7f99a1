/** IP address ranges: how they are written, and which of many holds an address. */
@NullMarked
package dev.keygate.address;

import org.jspecify.annotations.NullMarked;
