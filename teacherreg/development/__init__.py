"""Development: hours of training, rotations (交流轮岗), mentors and their mentees.

`hours` counts training, `rotations` tells who is to move and whether enough did (by
`retirement`, who need not), `mentoring` who accompanies whom. Knows no file, no screen and
no command line.
"""
