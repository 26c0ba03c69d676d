@rem npm runs scripts with sh, where exec makes node the process that npm sends signals to; cmd on Windows has no exec.
@%*
