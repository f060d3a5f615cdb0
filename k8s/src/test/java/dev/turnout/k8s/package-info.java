/**
 * What holds of the chart and the overlays, checked without a cluster: {@link
 * dev.turnout.k8s.HelmChart} renders, {@link dev.turnout.k8s.Manifest} is an object of the result,
 * and everything else asks something of these.
 */
@NullMarked
package dev.turnout.k8s;

import org.jspecify.annotations.NullMarked;
