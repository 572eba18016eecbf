/** How guests run guests of their own: the calls of the nested interface, and the switch from one world to the other. */
package io.nestling.hv.nested;
