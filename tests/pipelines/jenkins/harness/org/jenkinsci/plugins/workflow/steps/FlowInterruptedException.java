package org.jenkinsci.plugins.workflow.steps;

/** What a step throws when somebody stops the build: the name is Jenkins'. */
public class FlowInterruptedException extends InterruptedException {}
