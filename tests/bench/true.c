/* The smallest useful command: what is measured around it is the cost of getting it to run. */
int main(void) { return 0; }
